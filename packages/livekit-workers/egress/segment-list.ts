import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Segment } from './recording.ts';
import { scratchNames } from './scratch.ts';

/** A segment that is in its bucket. Bytes. */
export type Sent = { file: string; size: number };

/** Notes that a segment is finished, which outlives the worker and the process of the recording. */
export const noteSegment = (folder: string, segment: Segment): void =>
  note(join(folder, scratchNames.segmentList), segment);
export const noteSent = (folder: string, sent: Sent): void => note(join(folder, scratchNames.sentList), sent);

export const notedSegments = (folder: string): Promise<readonly Segment[]> =>
  lines<Segment>(join(folder, scratchNames.segmentList));
export const notedSent = (folder: string): Promise<readonly Sent[]> =>
  lines<Sent>(join(folder, scratchNames.sentList));

/** Where the disk is full nothing is noted: what is missing in the list is found in the folder. */
function note(path: string, value: object): void {
  try {
    appendFileSync(path, `${JSON.stringify(value)}\n`, { mode: 0o600 });
  } catch {}
}

async function lines<T>(path: string): Promise<readonly T[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as T];
    } catch {
      // The last one may have been cut off.
      return [];
    }
  });
}
