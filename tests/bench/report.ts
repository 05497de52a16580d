/** Seconds of the counted rounds, sorted, of one step of one contender. */
export type Timing = { name: string; seconds: readonly number[]; median: number };

export type Verdict = 'ok' | 'OVER';

/** One line of the report. A row with a bound has a verdict, and the bound is the one of `bounds.ts`. */
export type Row =
  /** Two medians of one race, divided. */
  | { kind: 'ratio'; figure: string; of: Timing; to: Timing; ratio: number; bound: number; verdict: Verdict }
  /** Seconds that a person waits. */
  | { kind: 'seconds'; figure: string; timing: Timing; bound: number; verdict: Verdict }
  /** A ratio that has no bound: what a person may want to know beside the others. */
  | { kind: 'beside'; figure: string; of: Timing; to: Timing; ratio: number }
  /** Seconds that are not arc's. */
  | { kind: 'plain'; figure: string; timing: Timing }
  /** What one size of stream costs an embedded worker, and how many of them it takes. */
  | ({ kind: 'streams'; figure: string; bound: number; verdict: Verdict } & Streams)
  /** An amount that is no time; `amount` is rounded to a tenth. */
  | { kind: 'amount'; figure: string; amount: number; unit: '%' | 'MiB'; bound: number; verdict: Verdict }
  /** How often something happened: exit codes of containers. */
  | { kind: 'counts'; figure: string; counts: Readonly<Record<string, number>> };

export type Streams = {
  /** The most streams at once of which no picture was lost. */
  streams: number;
  /** Why there were not more. */
  end: string;
  /** Nothing where not even one stream was whole. */
  each?: {
    cpuPercent: number;
    /** From the request until the API says that it is active. */
    activeSeconds: number;
    soundLateMilliseconds: number;
    soundWorstMilliseconds: number;
  };
};

/** One group of rows, measured one after the other. */
export type Part = {
  name: string;
  title: string;
  /** Load average of the last minute when the part began. */
  load: number;
  rounds: number;
  rows: readonly Row[];
  /** Why there are no rows. */
  notMeasured?: string;
};

/** One run of `make bench`, as docs/bench.json has it. */
export type Report = {
  commit: string;
  /** Whether files differed from that commit. */
  changed: boolean;
  /** ISO 8601, when it began. */
  date: string;
  machine: { processor: string; cores: number; memoryBytes: number };
  engine: { version: string; api: string; driver: string };
  /** Counted rounds of each race; a part can have more. */
  rounds: number;
  /** Load average of the last minute before anything was measured. */
  load: number;
  /** How long the run took. */
  seconds: number;
  parts: readonly Part[];
};

/** A row of two medians with a bound. */
export function ratioRow(options: { figure: string; of: Timing; to: Timing; bound: number }): Row {
  const ratio = options.of.median / options.to.median;
  return { kind: 'ratio', ...options, ratio, verdict: verdictOf(ratio <= options.bound) };
}

/** A row of seconds with a bound. */
export function secondsRow(options: { figure: string; timing: Timing; bound: number }): Row {
  return { kind: 'seconds', ...options, verdict: verdictOf(options.timing.median <= options.bound) };
}

/** A row of an amount with a bound. */
export function amountRow(options: {
  figure: string;
  amount: number;
  unit: '%' | 'MiB';
  bound: number;
}): Row {
  const { figure, unit, bound } = options;
  const amount = Math.round(options.amount * 10) / 10;
  return { kind: 'amount', figure, amount, unit, bound, verdict: verdictOf(amount <= bound) };
}

/** Seconds without a bound. */
export function plainRow(options: { figure: string; timing: Timing }): Row {
  return { kind: 'plain', ...options };
}

/** A row of an embedded worker; `bound` is the least number of whole streams. */
export function streamsRow(options: Streams & { figure: string; bound: number }): Row {
  return { kind: 'streams', ...options, verdict: verdictOf(options.streams >= options.bound) };
}

function verdictOf(holds: boolean): Verdict {
  return holds ? 'ok' : 'OVER';
}
