import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Settings } from './config.ts';
import type { Container } from './recording.ts';
import type { SegmentNames } from './segment-names.ts';

/** What is kept of a recording beside its files, so that another start of the worker can finish it. */
export type Note = {
  egressId: string;
  /** The last state that was known, as JSON of the protocol. */
  info: unknown;
  /** Absent: there is none, or the recording has not begun. */
  file?: NotedFile;
  segments?: NotedSegments;
  /** The recording is whole, and only has to be sent. */
  isWhole?: boolean;
};

/** `s3` is absent for the worker's own bucket, whose secret is then not written down. */
export type NotedFile = { s3?: S3Settings; key: string; container: Container };
/** `beganAt`: milliseconds since 1970. `seconds`: the length that was asked for. */
export type NotedSegments = { s3?: S3Settings; names: SegmentNames; seconds: number; beganAt: number };

/** Names in the folder of one recording. */
export const scratchNames = {
  /** Takes the recording while it lasts. */
  part: 'recording.part',
  finished: 'recording',
  /** Folder of segments that are not sent yet. */
  segments: 'segments',
  /** What is known of the segments that are finished, a line of JSON each; and of those that are sent. */
  segmentList: 'segments.jsonl',
  sentList: 'sent.jsonl',
} as const;

/** The folder of one recording. */
export type ScratchFolder = {
  path: string;
  /** Takes the recording while it lasts. */
  file: string;
  /** The finished one. */
  finished: string;
  keep: (note: Note) => Promise<void>;
  remove: () => Promise<void>;
};

const noteName = 'job.json';

/** @param root folder of all recordings of this worker, on a volume that survives it */
export async function scratchFolder(root: string, egressId: string): Promise<ScratchFolder> {
  const folder = join(root, egressId);
  await mkdir(join(folder, scratchNames.segments), { recursive: true, mode: 0o700 });
  let kept = Promise.resolve();
  return {
    path: folder,
    file: join(folder, scratchNames.part),
    finished: join(folder, scratchNames.finished),
    keep: (note) => {
      const path = join(folder, noteName);
      const text = JSON.stringify(note);
      // Whole or not at all: the worker may be killed at any time.
      const write = async (): Promise<void> => {
        await writeFile(`${path}.new`, text, { mode: 0o600 });
        await rename(`${path}.new`, path);
      };
      // One after the other, whatever became of the one before.
      kept = kept.then(write, write);
      return kept;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Recordings that an earlier start of the worker has left. */
export async function notesIn(root: string): Promise<readonly Note[]> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  const notes = await Promise.all(
    (await readdir(root)).map(async (name) => {
      try {
        return JSON.parse(await readFile(join(root, name, noteName), 'utf8')) as Note;
      } catch {
        return undefined;
      }
    }),
  );
  return notes.filter((note) => note !== undefined);
}
