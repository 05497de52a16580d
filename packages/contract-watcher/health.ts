import type { Tally } from './tally.ts';

/** What `arc health` shows. A warning is about something else than messages, or about what is over. */
export type Health = { level: 'ok' | 'warning' | 'failed'; said: string };

/** Milliseconds for which a broken contract is a failure: a publisher that goes on breaks it again by then. */
const newsAge = 5 * 60_000;

/**
 * Says whether messages are as their contracts have them. That NATS is away is a warning, because NATS itself says so as
 * a failure. Pure.
 */
export function judgeHealth(facts: { tally: Tally; isConnected: boolean; now: Date }): Health {
  const { tally, isConnected, now } = facts;
  const isNews = (at: Date): boolean => now.getTime() - at.getTime() < newsAge;
  const broken = [...tally.faults.values()].filter(({ last }) => isNews(last));
  const [newest] = broken.toReversed();
  const dead = sum(tally.dead);
  const heard = `${counted(sum(tally.messages), 'message')} heard`;
  if (newest !== undefined) {
    const { subject, at, text, count } = newest;
    const others = broken.length === 1 ? '' : `, and ${counted(broken.length - 1, 'other fault')}`;
    const times = count === 1 ? '' : `, ${count} times`;
    return { level: 'failed', said: `${subject}: ${at === '' ? '' : `${at} `}${text}${times}${others}` };
  }
  if (!isConnected)
    return { level: 'warning', said: 'NATS cannot be reached, so nobody checks its messages' };
  if (tally.lastDead !== undefined && isNews(tally.lastDead.at))
    return {
      level: 'warning',
      said: `${counted(dead, 'dead letter')}, the last of ${tally.lastDead.subject}; ${heard}`,
    };
  return { level: 'ok', said: `${heard}, none of the last minutes breaks its contract` };
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
