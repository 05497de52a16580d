import type { Reason, Verdict } from './judge.ts';

/** One thing that went wrong, and when it was last seen. */
export type Fault = { subject: string; at: string; text: string; count: number; last: Date };

/** Everything that was heard since the start. */
export type Tally = {
  /** By subject. */
  messages: ReadonlyMap<string, number>;
  dead: ReadonlyMap<string, number>;
  /** By domain. A subject that nobody declared may be anything, so it is no label. */
  undeclared: ReadonlyMap<string, number>;
  /** By subject and reason, `agent.brain.error schema`. */
  violations: ReadonlyMap<string, number>;
  /** What of the above is wrong, by subject and field: at most one for each. */
  faults: ReadonlyMap<string, Fault>;
  lastDead: { subject: string; at: Date } | undefined;
};

export type Counting = { tally: Tally; count: (verdict: Verdict, now: Date) => void };

/** Faults that are kept: a publisher that sends anything must not fill the memory. */
const mostFaults = 100;

export function startCounting(subjects: readonly string[]): Counting {
  const messages = new Map(subjects.map((subject) => [subject, 0]));
  const dead = new Map<string, number>();
  const undeclared = new Map<string, number>();
  const violations = new Map<string, number>();
  const faults = new Map<string, Fault>();
  const tally = { messages, dead, undeclared, violations, faults, lastDead: undefined } as {
    -readonly [field in keyof Tally]: Tally[field];
  };
  const note = (fault: { subject: string; at: string; text: string }, last: Date): void => {
    const key = `${fault.subject} ${fault.at}`;
    const before = faults.get(key);
    // The newest stands last, so the first is the one to forget.
    faults.delete(key);
    if (faults.size >= mostFaults) faults.delete(faults.keys().next().value ?? '');
    faults.set(key, { ...fault, count: (before?.count ?? 0) + 1, last });
  };
  return {
    tally,
    count: (verdict, now) => {
      switch (verdict.kind) {
        case 'valid':
          add(messages, verdict.subject);
          return;
        case 'dead':
          // Only subjects of contracts: any other might be made up.
          add(dead, messages.has(verdict.subject) ? verdict.subject : 'other');
          tally.lastDead = { subject: verdict.subject, at: now };
          return;
        case 'undeclared':
          add(undeclared, verdict.domain);
          note({ subject: verdict.subject, at: '', text: 'no contract has this subject' }, now);
          return;
        case 'violation':
          add(messages, verdict.subject);
          add(violations, violationKey(verdict.subject, verdict.reason));
          note({ subject: verdict.subject, at: verdict.pointer, text: verdict.text }, now);
          return;
        default:
          verdict satisfies never;
      }
    },
  };
}

export function violationKey(subject: string, reason: Reason): string {
  return `${subject} ${reason}`;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
