import type { Received } from '../events/received.ts';
import type { Files } from './files.ts';
import { decodeSegment, type Extent } from './line.ts';
import { type Notes, offsetsIn } from './notes.ts';

/** A file of records, and beside it one that says which of them have been delivered. */
export type Segment = {
  number: number;
  bytes: number;
  /** Offsets of records that are not delivered. */
  waiting: Set<number>;
  /** Whether a file of notes is beside it, perhaps of an earlier process. */
  hasNotes: boolean;
  /** Opened with the first delivery; absent again where that failed. */
  notes?: Promise<Notes>;
};

const names = /^(\d{8})\.(log|done)$/;

export function logName(number: number): string {
  return `${String(number).padStart(8, '0')}.log`;
}

export function notesName(number: number): string {
  return `${String(number).padStart(8, '0')}.done`;
}

/** What an earlier process left: every segment, oldest first, and the records in it that nobody has delivered. */
export async function readSegments(files: Files): Promise<{
  segments: readonly { segment: Segment; records: readonly { received: Received; extent: Extent }[] }[];
  /** Ids of all events that are still on the disk, delivered or not. */
  ids: readonly string[];
  damaged: number;
}> {
  const listed = (await files.list()).toSorted();
  const numbers = listed.flatMap((name) => {
    const [, number, kind] = names.exec(name) ?? [];
    return kind === 'log' ? [Number(number)] : [];
  });
  const found: { segment: Segment; records: { received: Received; extent: Extent }[] }[] = [];
  const ids: string[] = [];
  let damaged = 0;
  for (const number of numbers) {
    const content = await files.read(logName(number));
    const decoded = decodeSegment(content);
    damaged += decoded.damaged;
    const hasNotes = listed.includes(notesName(number));
    const delivered = hasNotes ? offsetsIn(await files.read(notesName(number))) : new Set<number>();
    const records = decoded.records.filter(({ extent }) => !delivered.has(extent.offset));
    ids.push(...decoded.records.map(({ received }) => received.id));
    const waiting = new Set(records.map(({ extent }) => extent.offset));
    found.push({ segment: { number, bytes: content.length, waiting, hasNotes }, records });
  }
  // Their records went first, and then the process was killed.
  for (const name of listed) {
    const [, number, kind] = names.exec(name) ?? [];
    if (kind === 'done' && !numbers.includes(Number(number))) await files.remove(name);
  }
  return { segments: found, ids, damaged };
}
