import { silence } from './delivery/deliver.ts';

/** What `arc health` shows. A warning is about something else than this program, or about the past. */
export type Verdict = { level: 'ok' | 'warning' | 'failed'; said: string };

/** How long an event may wait before something is wrong. Milliseconds. */
const patience = 5_000;
/** A dead letter or a refused webhook is news for so long. Milliseconds. */
const newsAge = 60 * 60_000;

export type Facts = {
  now: Date;
  /** Events that wait, and since when the oldest does. */
  waiting: number;
  oldest?: string | undefined;
  /** Why the oldest could not be delivered. */
  failure?: string | undefined;
  /** Whether there is a connection to NATS. */
  connected: boolean;
  /** What NATS says against its key, if it does. */
  refusal?: string | undefined;
  /** Why the last event could not be kept, unless one was kept since. */
  notKept?: string | undefined;
  dead: { count: number; last?: { at: string; reason: string } | undefined };
  unsigned: { count: number; last?: string | undefined };
  /** Records that the disk has lost. */
  lost: number;
  delivered: number;
  /** Attempts that failed. */
  failures: number;
};

/**
 * Says how deliveries are. That NATS is away or takes nothing is a warning, because NATS itself says so as a failure, and
 * nothing is lost. That NATS refuses the key is a failure, because NATS is well. Pure.
 */
export function judge(facts: Facts): Verdict {
  const { now, waiting, oldest, failure, connected, refusal, notKept, dead, unsigned, lost } = facts;
  const isRecent = (at: string | undefined): boolean =>
    at !== undefined && now.getTime() - Date.parse(at) < newsAge;
  const isLate = oldest !== undefined && now.getTime() - Date.parse(oldest) > patience;
  const waits = `${events(waiting)} ${waiting === 1 ? 'waits' : 'wait'}`;
  const failures: string[] = [];
  const warnings: string[] = [];
  if (notKept !== undefined) failures.push(`events are refused, and LiveKit sends them again: ${notKept}`);
  if (lost > 0) failures.push(`the disk has lost ${events(lost)}`);
  const isRefused = failure !== undefined && failure !== silence;
  if (isLate && connected && isRefused) failures.push(`${waits} since ${oldest}: ${failure}`);
  if (isLate && connected && !isRefused) warnings.push(`${waits} for NATS, which does not answer`);
  if (!connected && refusal !== undefined) failures.push(`${waits}: ${refusal}`);
  if (!connected && refusal === undefined) warnings.push(`${waits} for NATS, which cannot be reached`);
  if (isRecent(dead.last?.at))
    warnings.push(`${dead.count} went to dead letters, the last because ${dead.last?.reason}`);
  if (isRecent(unsigned.last)) warnings.push(`${unsigned.count} requests had no valid signature`);
  const said = [...failures, ...warnings];
  if (connected && !isLate) said.push(`${facts.delivered} delivered, ${waiting} on their way`);
  return {
    level: failures.length > 0 ? 'failed' : warnings.length > 0 ? 'warning' : 'ok',
    said: said.join('; '),
  };
}

function events(count: number): string {
  return `${count} ${count === 1 ? 'event' : 'events'}`;
}
