import type { Received } from '../events/received.ts';
import type { Files, Writer } from './files.ts';
import { decodeLine, type Extent, encodeLine } from './line.ts';
import { type Notes, openNotes } from './notes.ts';
import { logName, notesName, readSegments, type Segment } from './segment.ts';

/** Where an event is kept, and as much of it as its delivery has to know in advance. */
export type Kept = Pick<Received, 'lane' | 'at'> & Extent & { segment: number };

export type Spool = {
  /**
   * Keeps an event.
   *
   * @returns once it is on the disk
   * @throws SpoolError where it is not
   */
  append: (received: Received) => Promise<Kept>;
  /** @returns nothing where the disk does not have what was written */
  read: (kept: Kept) => Promise<Received | undefined>;
  /** Notes that it is delivered. Its file goes with the last of its records. */
  delivered: (kept: Kept) => Promise<void>;
  size: () => { bytes: number; events: number };
  /** Waits for what is on its way to the disk, and closes the files. */
  close: () => Promise<void>;
};

/** An event that could not be kept: `full` where the bound is reached or the disk has no room. */
export class SpoolError extends Error {
  readonly reason: 'full' | 'failed';
  constructor(reason: 'full' | 'failed', message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}

/** Past it, the next record begins another file, so that the disk gets its room back piece by piece. Bytes. */
const segmentBytes = 4 * 1024 * 1024;

type Pending = {
  received: Received;
  line: Buffer;
  resolve: (kept: Kept) => void;
  reject: (cause: Error) => void;
};

/**
 * Opens the spool of a folder.
 *
 * @param options.limit bytes that it may take of the disk; beyond them it keeps nothing more
 * @returns `waiting`: what an earlier process kept and did not deliver, in the order in which it came; `ids` of all that
 *   is still on the disk; `damaged`: how many records the disk has lost
 */
export async function openSpool(options: { files: Files; limit: number }): Promise<{
  spool: Spool;
  waiting: readonly Kept[];
  ids: readonly string[];
  damaged: number;
}> {
  const { files, limit } = options;
  const { segments: left, ids, damaged } = await readSegments(files);
  const segments = new Map<number, Segment>(left.map(({ segment }) => [segment.number, segment]));
  let last = left.at(-1)?.segment.number ?? 0;
  // Never one of an earlier process: it may end in half a record.
  let active: { segment: Segment; writer: Writer } | undefined;
  let pending: Pending[] = [];
  let writing: Promise<void> | undefined;
  /** Bytes that are on their way to the disk. */
  let planned = 0;

  const bytes = (): number => [...segments.values()].reduce((sum, segment) => sum + segment.bytes, 0);

  const dropIfDone = async (segment: Segment): Promise<void> => {
    if (segment.waiting.size > 0 || segment === active?.segment || !segments.delete(segment.number)) return;
    await closeNotes(segment);
    // The notes last: without them, a file that is still there would be delivered again.
    await files.remove(logName(segment.number));
    if (segment.hasNotes) await files.remove(notesName(segment.number));
  };

  const retire = async (): Promise<void> => {
    if (active === undefined) return;
    const { segment, writer } = active;
    active = undefined;
    await writer.close();
    await dropIfDone(segment);
  };

  const notesOf = (segment: Segment): Promise<Notes> => {
    segment.hasNotes = true;
    segment.notes ??= openNotes({ files, name: notesName(segment.number) }).catch((cause: unknown) => {
      // The next delivery tries again: the disk may have room by then.
      delete segment.notes;
      throw cause;
    });
    return segment.notes;
  };

  const activeSegment = async (): Promise<{ segment: Segment; writer: Writer }> => {
    if (active !== undefined && active.segment.bytes >= segmentBytes) await retire();
    if (active === undefined) {
      last += 1;
      const writer = await files.create(logName(last));
      const segment: Segment = { number: last, bytes: 0, waiting: new Set(), hasNotes: false };
      segments.set(last, segment);
      active = { segment, writer };
    }
    return active;
  };

  /** All that waits goes to the disk together: one wait for the disk, however many came meanwhile. */
  const commit = async (batch: readonly Pending[]): Promise<readonly Kept[]> => {
    const { segment, writer } = await activeSegment();
    const content = Buffer.concat(batch.map(({ line }) => line));
    await writer.write(content, segment.bytes);
    await writer.sync();
    return batch.map(({ received: { lane, at }, line }) => {
      const kept = { segment: segment.number, offset: segment.bytes, length: line.length - 1, lane, at };
      segment.waiting.add(kept.offset);
      segment.bytes += line.length;
      return kept;
    });
  };

  const write = async (): Promise<void> => {
    while (pending.length > 0) {
      const batch = pending;
      pending = [];
      try {
        const kept = await commit(batch);
        for (const [index, { resolve }] of batch.entries()) {
          const one = kept[index];
          if (one !== undefined) resolve(one);
        }
      } catch (cause) {
        // Whatever a failed write left behind lies beyond the length that counts. After a failed sync nobody knows what
        // the disk has, so nothing more is written to that file.
        await active?.writer.truncate(active.segment.bytes).catch(() => {});
        await retire().catch(() => {});
        for (const { reject } of batch) reject(spoolError(cause));
      }
    }
    writing = undefined;
  };

  const spool: Spool = {
    append: async (received) => {
      const line = encodeLine(received);
      if (bytes() + planned + line.length > limit)
        throw new SpoolError('full', `${limit} bytes of events wait, which is the bound`);
      const { promise, resolve, reject } = Promise.withResolvers<Kept>();
      pending.push({ received, line, resolve, reject });
      planned += line.length;
      writing ??= write();
      try {
        return await promise;
      } finally {
        planned -= line.length;
      }
    },
    read: async ({ segment, offset, length }) =>
      decodeLine(await files.readAt(logName(segment), offset, length)),
    delivered: async ({ segment: number, offset }) => {
      const segment = segments.get(number);
      if (segment === undefined) return;
      segment.waiting.delete(offset);
      if (segment.waiting.size === 0 && segment !== active?.segment) return await dropIfDone(segment);
      const notes = await notesOf(segment);
      await notes.add(offset);
    },
    size: () => ({
      bytes: bytes(),
      events: [...segments.values()].reduce((sum, { waiting }) => sum + waiting.size, 0),
    }),
    close: async () => {
      await writing;
      await retire();
      for (const segment of segments.values()) await closeNotes(segment);
    },
  };
  // Files of which all was delivered before the end of an earlier process.
  for (const { segment } of left) await dropIfDone(segment);
  const waiting = left.flatMap(({ segment, records }) =>
    records.map(({ received: { lane, at }, extent }) => ({ ...extent, segment: segment.number, lane, at })),
  );
  return { spool, waiting, ids, damaged };
}

/** Notes that could not be opened or closed are no reason to keep the segment. */
async function closeNotes({ notes }: Segment): Promise<void> {
  await notes?.then(({ close }) => close()).catch(() => undefined);
}

function spoolError(cause: unknown): SpoolError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  return new SpoolError(isFull ? 'full' : 'failed', isFull ? 'the disk is full' : message, cause);
}
