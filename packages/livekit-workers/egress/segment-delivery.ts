import { rm, writeFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { SegmentsInfo } from '@livekit/protocol';
import type { S3Settings } from './config.ts';
import { contentTypes } from './content-types.ts';
import { type NotSent, sendFile, uploadFailure, uploadLimit } from './delivery.ts';
import { type PlaylistEntry, playlistText } from './playlist.ts';
import type { Failure, Segment } from './recording.ts';
import { type NotedSegments, scratchNames } from './scratch.ts';
import { noteSent, type Sent } from './segment-list.ts';
import { segmentName } from './segment-names.ts';
import type { Uploaded } from './upload.ts';

/** A playlist that is sent with each segment grows, and so does what is sent: after some hours it is not sent each time; upstream's. */
const hour = 3_600_000;
const minute = 60_000;
/** Attempts at one segment while the recording runs come in turns of so long. Milliseconds. */
const turn = 30_000;

/** Sends segments as they are finished, one after the other, and keeps the playlists. */
export type SegmentDelivery = {
  add: (segment: Segment) => void;
  /** What an earlier start has sent already. */
  addSent: (segment: Segment, sent: Sent) => void;
  /** Everything is there that will come. Resolves when it is sent. @returns what is wrong, if anything */
  finish: () => Promise<Failure | undefined>;
};

/**
 * @param options.info gets counts, sizes and locations
 * @param options.refused told once that the storage will take nothing of what is still to come
 * @param options.folder of the recording
 */
export function segmentDelivery(options: {
  noted: Omit<NotedSegments, 's3'>;
  s3: S3Settings;
  info: SegmentsInfo;
  folder: string;
  signal: AbortSignal;
  refused?: () => void;
}): SegmentDelivery {
  const { noted, s3, info, folder, signal, refused } = options;
  const { names, seconds: longest, beganAt } = noted;
  const entries: PlaylistEntry[] = [];
  let work = Promise.resolve();
  let failure: Failure | undefined;
  /** Until when attempts go on, once nothing new comes. */
  let end: number | undefined;
  let listedAt: number | undefined;

  const send = async (file: string, name: string, contentType: string): Promise<Uploaded | NotSent> => {
    const key = `${names.folder}${name}`;
    for (;;) {
      const limit = end === undefined ? turn : end - performance.now();
      const sent = await sendFile({ s3, key, file, contentType, signal, limit });
      if (!('failed' in sent)) return sent;
      if (sent.isRefused || signal.aborted || (end !== undefined && performance.now() + turn > end))
        return sent;
    }
  };
  const sendPlaylists = async (isOver: boolean): Promise<NotSent | undefined> => {
    const lists = [
      { name: names.playlist, isLive: false },
      ...(names.livePlaylist ? [{ name: names.livePlaylist, isLive: true }] : []),
    ];
    for (const { name, isLive } of lists) {
      const age = Date.now() - beganAt;
      const isDue =
        isOver ||
        isLive ||
        listedAt === undefined ||
        Date.now() - listedAt > minute ||
        entries.length % (Math.floor(age / hour) + 1) === 0;
      if (!isDue) continue;
      const path = join(folder, isLive ? 'live.m3u8' : 'playlist.m3u8');
      await writeFile(path, playlistText({ entries, isLive, longest, isOver }));
      const contentType = contentTypes.playlist;
      const sent = isOver
        ? await send(path, name, contentType)
        : await sendFile({ s3, key: `${names.folder}${name}`, file: path, contentType, signal, limit: 0 });
      if ('failed' in sent) return sent;
      if (isLive) info.livePlaylistLocation = sent.location;
      else {
        info.playlistLocation = sent.location;
        listedAt = Date.now();
      }
    }
    return undefined;
  };

  const placed = ({ file, start, end: until }: Segment): PlaylistEntry => {
    const at = new Date(beganAt + start * 1_000);
    const index = Number.parseInt(posix.basename(file), 10);
    return { name: segmentName({ names, index, at }), at, seconds: until - start };
  };
  const count = (size: number): void => {
    info.segmentCount += 1n;
    info.size += BigInt(size);
  };
  const deliver = async (segment: Segment): Promise<void> => {
    // What cannot be sent stays, and so does what comes after it, for a playlist has no gaps.
    if (failure) return;
    const path = join(folder, scratchNames.segments, segment.file);
    const entry = placed(segment);
    const sent = await send(path, entry.name, contentTypes.segment);
    if ('failed' in sent) {
      failure = failed(sent);
      if (sent.isRefused) refused?.();
      return;
    }
    noteSent(folder, { file: segment.file, size: sent.size });
    await rm(path, { force: true });
    entries.push(entry);
    count(sent.size);
    // One that is not sent now is sent with the next segment.
    await sendPlaylists(false).catch(() => {});
  };
  const failed = (sent: NotSent): Failure => uploadFailure(sent, `what is left is kept in ${folder}`);

  return {
    add: (segment) => {
      work = work.then(() =>
        deliver(segment).catch((cause) => {
          failure ??= { code: 'internal', reason: cause instanceof Error ? cause.message : String(cause) };
        }),
      );
    },
    addSent: (segment, { size }) => {
      work = work.then(() => {
        entries.push(placed(segment));
        count(size);
      });
    },
    finish: async () => {
      end = performance.now() + uploadLimit;
      await work;
      if (failure) return failure;
      try {
        const listed = await sendPlaylists(true);
        return listed === undefined ? undefined : failed(listed);
      } catch (cause) {
        return { code: 'internal', reason: cause instanceof Error ? cause.message : String(cause) };
      }
    },
  };
}
