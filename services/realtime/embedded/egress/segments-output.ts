import { SegmentsInfo } from '@livekit/protocol';
import { nanoseconds, now } from '../rpc/time.ts';
import type { Output } from './output.ts';
import type { PlannedOutputs } from './plan-outputs.ts';
import type { Segment } from './recording.ts';
import type { NotedSegments, ScratchFolder } from './scratch.ts';
import { type SegmentDelivery, segmentDelivery } from './segment-delivery.ts';
import { segmentNames } from './segment-names.ts';

export type SegmentsOutput = Output & { add: (segment: Segment) => void };

/**
 * The recording as HLS: segments that are sent as they are finished, and playlists of them.
 *
 * @param options.refused told once that the storage will take no segment
 */
export function segmentsOutput(options: {
  planned: NonNullable<PlannedOutputs['segments']>;
  isOwnBucket: boolean;
  folder: ScratchFolder;
  signal: AbortSignal;
  refused: () => void;
}): SegmentsOutput {
  const { planned, isOwnBucket, folder, signal, refused } = options;
  const { s3, templates, seconds } = planned;
  const info = new SegmentsInfo();
  let begun: { noted: Omit<NotedSegments, 's3'>; delivery: SegmentDelivery } | undefined;

  return {
    begin: ({ parts, at }) => {
      const names = segmentNames({ templates, parts });
      const noted = { names, seconds, beganAt: Number(at / 1_000_000n) };
      Object.assign(info, {
        startedAt: at,
        playlistName: `${names.folder}${names.playlist}`,
        livePlaylistName: names.livePlaylist ? `${names.folder}${names.livePlaylist}` : '',
      });
      begun = { noted, delivery: segmentDelivery({ noted, s3, info, folder: folder.path, signal, refused }) };
    },
    add: (segment) => begun?.delivery.add(segment),
    end: (length) => {
      Object.assign(info, { endedAt: now(), duration: nanoseconds(length * 1_000) });
    },
    deliver: async () => begun?.delivery.finish(),
    show: (egress) => {
      if (begun) egress.segmentResults = [info];
    },
    showAlone: (egress) => {
      if (begun) egress.result = { case: 'segments', value: info };
    },
    note: () => (begun ? { segments: { ...begun.noted, ...(isOwnBucket ? {} : { s3 }) } } : {}),
  };
}
