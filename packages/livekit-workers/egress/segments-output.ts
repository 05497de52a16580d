import { SegmentsInfo } from '@livekit/protocol';
import { nanoseconds, now } from '../rpc/time.ts';
import type { NameParts } from './file-name.ts';
import type { Output, Shown } from './output.ts';
import type { PlannedOutputs } from './plan-outputs.ts';
import type { Segment } from './recording.ts';
import type { NotedSegments, ScratchFolder } from './scratch.ts';
import { type SegmentDelivery, segmentDelivery } from './segment-delivery.ts';
import { type SegmentNames, segmentNames } from './segment-names.ts';

export type SegmentsOutput = Output & { add: (segment: Segment) => void };

type PlannedSegments = NonNullable<PlannedOutputs['segments']>;

/** What is known of the playlists before there are any. */
export const expectedSegments = ({ templates }: PlannedSegments, parts: NameParts): SegmentsInfo =>
  new SegmentsInfo(playlistsOf(segmentNames({ templates, parts })));

const playlistsOf = ({ folder, playlist, livePlaylist }: SegmentNames) => ({
  playlistName: `${folder}${playlist}`,
  livePlaylistName: livePlaylist ? `${folder}${livePlaylist}` : '',
});

export const shownSegments = (segments: SegmentsInfo): Shown => ({
  show: (info) => {
    info.segmentResults = [segments];
  },
  showAlone: (info) => {
    info.result = { case: 'segments', value: segments };
  },
});

/**
 * The recording as HLS: segments that are sent as they are finished, and playlists of them.
 *
 * @param options.expected what names are made of, as long as nothing is recorded
 * @param options.refused told once that the storage will take no segment
 */
export function segmentsOutput(options: {
  planned: PlannedSegments;
  expected: NameParts;
  isOwnBucket: boolean;
  folder: ScratchFolder;
  signal: AbortSignal;
  refused: () => void;
}): SegmentsOutput {
  const { planned, expected, isOwnBucket, folder, signal, refused } = options;
  const { s3, templates, seconds } = planned;
  const info = expectedSegments(planned, expected);
  let begun: { noted: Omit<NotedSegments, 's3'>; delivery: SegmentDelivery } | undefined;

  return {
    begin: ({ parts, at }) => {
      const names = segmentNames({ templates, parts });
      const noted = { names, seconds, beganAt: Number(at / 1_000_000n) };
      Object.assign(info, { startedAt: at, ...playlistsOf(names) });
      begun = { noted, delivery: segmentDelivery({ noted, s3, info, folder: folder.path, signal, refused }) };
    },
    add: (segment) => begun?.delivery.add(segment),
    end: (length) => {
      Object.assign(info, { endedAt: now(), duration: nanoseconds(length * 1_000) });
    },
    deliver: async () => begun?.delivery.finish(),
    ...shownSegments(info),
    note: () => (begun ? { segments: { ...begun.noted, ...(isOwnBucket ? {} : { s3 }) } } : {}),
  };
}
