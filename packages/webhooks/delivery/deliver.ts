import type { Received } from '../events/received.ts';
import type { Kept, Spool } from '../spool/spool.ts';
import { slotsOf } from './slots.ts';

/** Sends one event to wherever it belongs. It throws where another attempt may succeed. */
export type Send = (received: Received) => Promise<void>;

export type Delivery = {
  /** Takes an event that was just kept. */
  add: (kept: Kept) => void;
  state: () => DeliveryState;
  /** @returns once nothing is being sent any more */
  ended: () => Promise<void>;
};

export type DeliveryState = {
  delivered: number;
  /** Attempts that failed. Each was made again. */
  failures: number;
  /** Events that the disk has lost. */
  unreadable: number;
  /** Since when the oldest event waits. */
  oldest?: string | undefined;
  /** Why the oldest one could not be delivered yet. */
  failure?: string | undefined;
};

/** Why an event could not be delivered where nobody answered, which is no refusal. */
export const silence = 'no answer';

type Lane = { queue: Kept[]; work: Promise<void>; failure?: string };

/** Lanes that send at the same time. */
const parallel = 32;

/** Between two attempts. Milliseconds. */
const pause = { first: 100, longest: 5_000 };

/**
 * Delivers what is kept: one event after the other in each lane, the lanes beside each other. An event that cannot be
 * delivered holds up its own lane alone, for as long as it takes.
 *
 * @param options.waiting what an earlier process left, in the order in which it came
 */
export function deliver(options: {
  spool: Spool;
  send: Send;
  waiting: readonly Kept[];
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
}): Delivery {
  const { spool, send, sleep, signal } = options;
  const slots = slotsOf(parallel);
  const lanes = new Map<string, Lane>();
  const counts = { delivered: 0, failures: 0, unreadable: 0 };
  const interrupted = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(new Error('it was interrupted')), { once: true }),
  );
  interrupted.catch(() => {});

  /** @returns why the event is still to be delivered */
  const attempt = async (kept: Kept): Promise<string | undefined> => {
    const giveBack = await slots.take();
    try {
      if (signal.aborted) return 'it was interrupted';
      const received = await spool.read(kept);
      if (received === undefined) counts.unreadable += 1;
      else {
        // Whatever it was waiting for then is repeated after the next start, under the same ids.
        await Promise.race([send(received), interrupted]);
        counts.delivered += 1;
      }
    } catch (cause) {
      counts.failures += 1;
      return reasonOf(cause);
    } finally {
      giveBack();
    }
    // An event without its note is delivered again after a restart; the streams know it by its id then.
    await spool.delivered(kept).catch(() => {});
    return undefined;
  };

  const run = async (name: string, lane: Lane): Promise<void> => {
    let wait = pause.first;
    for (let kept = lane.queue[0]; kept !== undefined && !signal.aborted; kept = lane.queue[0]) {
      const failure = await attempt(kept);
      if (failure === undefined) {
        delete lane.failure;
        lane.queue.shift();
        wait = pause.first;
        continue;
      }
      lane.failure = failure;
      await sleep(wait, signal).catch(() => {});
      wait = Math.min(wait * 2, pause.longest);
    }
    lanes.delete(name);
  };

  const add = (kept: Kept): void => {
    const known = lanes.get(kept.lane);
    if (known !== undefined) return void known.queue.push(kept);
    const lane: Lane = { queue: [kept], work: Promise.resolve() };
    lanes.set(kept.lane, lane);
    lane.work = run(kept.lane, lane);
  };

  for (const kept of options.waiting) add(kept);
  return {
    add,
    state: () => {
      const heads = [...lanes.values()].flatMap(({ queue: [head], failure }) =>
        head === undefined ? [] : [{ oldest: head.at, failure }],
      );
      const [first] = heads.toSorted((one, other) => (one.oldest < other.oldest ? -1 : 1));
      return { ...counts, ...first };
    },
    ended: async () => {
      await Promise.all([...lanes.values()].map(({ work }) => work));
    },
  };
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.name === 'TimeoutError' ? silence : cause.message;
}
