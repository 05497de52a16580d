import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inContext, readTraceparent, traceHeaders } from '../../../spans/context.ts';

/** What becomes of a kept item: `done`, or `refused` where no other attempt would help. */
export type Delivered = 'done' | 'refused';

/**
 * Things on disk that somebody else is to have: they survive a restart, and are delivered in order, each as a part of the
 * span that it was added in.
 */
export type Outbox<Item extends object> = {
  /** Keeps an item. @returns false where the outbox is full, and it is lost */
  add(item: Item): Promise<boolean>;
  state(): { waiting: number; lost: number; refused: number; failure: string | undefined };
  /** Ends once the attempt that is under way is over. What was not delivered stays. */
  close(): Promise<void>;
};

/** Pauses between attempts, in milliseconds: the first, and the longest. */
const pauses = { first: 250, longest: 5_000 };

/**
 * Opens a folder of items, one file each, and delivers them one after another, for ever if need be.
 *
 * @param options.most how many may wait; more are lost, and counted
 * @param options.deliver @throws Error where it has to be tried again
 * @throws NodeJS.ErrnoException where the folder cannot be used
 */
export async function openOutbox<Item extends object>(options: {
  folder: string;
  most: number;
  deliver: (item: Item) => Promise<Delivered>;
  pause: (milliseconds: number) => Promise<void>;
}): Promise<Outbox<Item>> {
  const { folder, most, deliver, pause } = options;
  await mkdir(folder, { recursive: true });
  const found = await readdir(folder);
  const waiting = found.filter((name) => name.endsWith('.json')).sort();
  const counts = { lost: 0, refused: 0, added: 0 };
  let failure: string | undefined;
  let wake = (): void => undefined;
  let closing = false;

  async function attempt(name: string): Promise<void> {
    const path = join(folder, name);
    const found = itemOf<Item>(await readFile(path, 'utf8'));
    // A file that a failing disk has cut is nothing that could be delivered.
    if (found === undefined || (await deliverAs(found)) === 'refused') counts.refused += 1;
    await rm(path);
  }

  async function deliverAs({ traceparent, ...rest }: Kept<Item>): Promise<Delivered> {
    const context = readTraceparent(traceparent);
    const item = rest as unknown as Item;
    return await (context === undefined ? deliver(item) : inContext(context, () => deliver(item)));
  }

  async function run(): Promise<void> {
    let rest = pauses.first;
    while (!closing) {
      const [next] = waiting;
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      try {
        await attempt(next);
        waiting.shift();
        [failure, rest] = [undefined, pauses.first];
      } catch (cause) {
        failure = cause instanceof Error ? cause.message : String(cause);
        await Promise.race([pause(rest), closed]);
        rest = Math.min(rest * 2, pauses.longest);
      }
    }
  }

  let close = (): void => undefined;
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  const running = run();
  return {
    add: async (item) => {
      if (waiting.length >= most) {
        counts.lost += 1;
        return false;
      }
      counts.added += 1;
      const order = `${Date.now()}`.padStart(15, '0');
      const name = `${order}-${`${counts.added}`.padStart(8, '0')}-${crypto.randomUUID()}.json`;
      await writeWhole(join(folder, name), JSON.stringify({ ...item, ...traceHeaders() }));
      waiting.push(name);
      wake();
      return true;
    },
    state: () => ({ waiting: waiting.length, lost: counts.lost, refused: counts.refused, failure }),
    close: async () => {
      closing = true;
      close();
      wake();
      await running;
    },
  };
}

/** A file is there with all of its text, or not at all, whatever ends the program. */
async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(`${path}.part`, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.part`, path);
}

/** An item as its file has it. */
type Kept<Item> = Item & { traceparent?: string };

function itemOf<Item>(text: string): Kept<Item> | undefined {
  try {
    return JSON.parse(text) as Kept<Item>;
  } catch {
    return undefined;
  }
}
