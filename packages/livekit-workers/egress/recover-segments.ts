import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type EgressInfo, SegmentsInfo } from '@livekit/protocol';
import type { S3Settings } from './config.ts';
import { lengthOf } from './length.ts';
import { NotRecovered } from './not-recovered.ts';
import { untilQuiet } from './quiet.ts';
import type { Segment } from './recording.ts';
import { type Note, type ScratchFolder, scratchNames } from './scratch.ts';
import { segmentDelivery } from './segment-delivery.ts';
import { notedSegments, notedSent } from './segment-list.ts';

/**
 * Sends the segments that an earlier start has left, and the playlists of all of them.
 *
 * @param options.own the worker's own bucket
 * @returns whether there were any
 * @throws where they cannot be sent; they are kept then
 */
export async function recoverSegments(options: {
  note: Note;
  folder: ScratchFolder;
  info: EgressInfo;
  own: S3Settings | undefined;
  signal: AbortSignal;
}): Promise<boolean> {
  const { note, folder, info, own, signal } = options;
  if (!note.segments) return false;
  const path = join(folder.path, scratchNames.segments);
  await untilQuiet(path);
  const files = (await readdir(path)).sort();
  const last = files.at(-1);
  if (last) await untilQuiet(join(path, last));
  const here = new Set(files);
  const known = await notedSegments(folder.path);
  const sent = new Map((await notedSent(folder.path)).map((each) => [each.file, each]));
  const unknown = [...here].filter((file) => !known.some((segment) => segment.file === file));
  if (known.length === 0 && unknown.length === 0) return false;
  const s3 = note.segments.s3 ?? own;
  if (!s3) throw new Error('the bucket is not known any more');
  const { names, beganAt } = note.segments;
  const result = new SegmentsInfo({
    playlistName: `${names.folder}${names.playlist}`,
    livePlaylistName: names.livePlaylist ? `${names.folder}${names.livePlaylist}` : '',
    startedAt: BigInt(beganAt) * 1_000_000n,
  });
  const delivery = segmentDelivery({ noted: note.segments, s3, info: result, folder: folder.path, signal });
  const cut = await measured({ files: unknown, folder: path, after: known.at(-1)?.end ?? 0 });
  for (const segment of [...known, ...cut]) {
    const before = sent.get(segment.file);
    if (here.has(segment.file)) delivery.add(segment);
    else if (before) delivery.addSent(segment, before);
  }
  const failure = await delivery.finish();
  if (failure) throw new NotRecovered(failure);
  const end = [...known, ...cut].at(-1)?.end ?? 0;
  result.duration = BigInt(Math.round(end * 1e9));
  result.endedAt = result.startedAt + result.duration;
  info.segmentResults = [result];
  if (info.result.case === 'segments') info.result = { case: 'segments', value: result };
  return true;
}

/** Segments that nobody has said to be finished: what there is of them is as long as it is. */
async function measured(options: {
  files: readonly string[];
  folder: string;
  after: number;
}): Promise<readonly Segment[]> {
  const { files, folder } = options;
  const segments: Segment[] = [];
  let start = options.after;
  for (const file of files) {
    const seconds = await lengthOf(join(folder, file));
    // Not even its beginning was written.
    if (seconds === 0) continue;
    segments.push({ file, start, end: start + seconds });
    start += seconds;
  }
  return segments;
}
