import type { Problem } from '../errors.ts';
import type { EventSink } from '../output/event.ts';
import type { Situation } from './situation.ts';

/** One thing that `arc doctor` looks at. */
export type Check = {
  /** Stable, for `--json`. */
  id: string;
  /** Never throws: what cannot be found out is a finding of its own. */
  examine: (situation: Situation) => Promise<readonly Finding[]>;
};

/** What a check has found. `missing` keeps arc from working; a `warning` does not. */
export type Finding =
  | { state: 'ok' | 'skipped'; summary: string }
  | { state: 'warning' | 'missing'; problem: Problem; repair?: Repair };

/** Something that arc can do about a finding, with consent. */
export type Repair = {
  /** Distinguishes repairs, so that one that did not help is not tried twice. */
  id: string;
  /** What will be done, as words after "arc will": `install docker.io with apt-get`. */
  action: string;
  /** Throws an ArcError where it does not succeed. */
  run: (options: { emit: EventSink; signal: AbortSignal }) => Promise<void>;
};

export function ok(summary: string): readonly Finding[] {
  return [{ state: 'ok', summary }];
}

export function skipped(summary: string): readonly Finding[] {
  return [{ state: 'skipped', summary }];
}

export function warning(problem: Problem, repair?: Repair): readonly Finding[] {
  return [{ state: 'warning', problem, ...(repair ? { repair } : {}) }];
}

export function missing(problem: Problem, repair?: Repair): readonly Finding[] {
  return [{ state: 'missing', problem, ...(repair ? { repair } : {}) }];
}
