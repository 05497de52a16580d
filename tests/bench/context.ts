import { needs } from '../support/needs.ts';
import type { Row } from './report.ts';

/** What every part of the bench is given. */
export type BenchContext = {
  /** Counted rounds of a race. */
  rounds: number;
  /** For files; removed at the end. */
  folder: string;
  /** The repository. */
  root: string;
  /** The launcher, `bin/arc`. */
  arc: string;
  /** One line for the person who waits. */
  progress: (line: string) => void;
  /** Aborted when the run is interrupted. */
  signal: AbortSignal;
};

/** Something that the part needs and this machine lacks: the report says it in place of rows. */
export class NotMeasured extends Error {}

export type Bench = (context: BenchContext) => Promise<readonly Row[]>;

/**
 * @param wanted as for `needs` of tests: `root`, `linux`, names of programs
 * @throws NotMeasured with what is missing
 */
export function requireTools(...wanted: readonly string[]): void {
  const { skip, meta } = needs(...wanted);
  if (skip) throw new NotMeasured(`this machine has no ${meta.needs}`);
}
