import type { Problem } from '../core/errors.ts';
import type { EventSink } from '../core/event.ts';
import type { Situation } from './situation.ts';

/** One thing that `arc doctor` looks at. */
export type Check = {
  /** Stable, for `--json`. */
  id: string;
  /** Never throws: a failure to find out is itself a finding. */
  examine: (situation: Situation) => Promise<readonly Finding[]>;
};

/** The result of a check. `missing` keeps arc from working; a `warning` does not. */
export type Finding = { state: 'ok' | 'skipped'; summary: string } | Shortcoming;

/** Something that is not as it should be. */
export type Shortcoming = {
  state: 'warning' | 'missing';
  problem: Problem;
  /** What arc can repair itself. */
  repair?: Repair;
  /** Debian packages that repair it on Debian or Ubuntu, whoever may install them. */
  packages?: readonly string[];
};

/** Something that arc can do about a finding, with consent. */
export type Repair = {
  /** Distinguishes repairs, so that one that did not help is not tried twice. */
  id: string;
  /** Debian packages; those of several repairs are installed together. */
  packages?: readonly string[];
  /** Steps after the repair. */
  after?: {
    /** Words after "arc will": `start dockerd in the background`. */
    action: string;
    /** Throws an ArcError if it does not succeed. */
    run: (options: RepairTools) => Promise<void>;
  };
};

/** The means to carry out a repair. */
export type RepairTools = { emit: EventSink; signal: AbortSignal };

export function ok(summary: string): readonly Finding[] {
  return [{ state: 'ok', summary }];
}

export function skipped(summary: string): readonly Finding[] {
  return [{ state: 'skipped', summary }];
}

type Remedy = Pick<Shortcoming, 'repair' | 'packages'>;

export function warning(problem: Problem, remedy: Remedy = {}): readonly Finding[] {
  return [{ state: 'warning', problem, ...remedy }];
}

export function missing(problem: Problem, remedy: Remedy = {}): readonly Finding[] {
  return [{ state: 'missing', problem, ...remedy }];
}
