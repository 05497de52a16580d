import { StreamProtocol } from '@livekit/protocol';
import type { S3Settings } from './config.ts';
import { destination } from './destination.ts';
import { type EncodingChoice, formatOf } from './encoding.ts';
import type { Container, Encoding } from './recording.ts';
import { invalid, needsUpstream } from './refusal.ts';
import { hasTimes, type SegmentTemplates, segmentNames } from './segment-names.ts';
import { parseTarget } from './stream/target.ts';
import type { Wanted } from './wanted.ts';

/** What is made of a recording; at least one of them. */
export type PlannedOutputs = {
  /** Name of the object, still with its `{placeholders}`. */
  file?: { filepath: string; container: Container | 'of-the-track'; s3: S3Settings };
  /** Length of segments in seconds. */
  segments?: { templates: SegmentTemplates; seconds: number; s3: S3Settings };
  /** There may be none yet. The URLs are secrets. */
  streams?: { urls: readonly string[] };
};

/** Upstream's, in seconds. */
const usualSegment = 4;
/** Longer ones would have to wait for their upload for too long. Seconds. */
const longestSegment = 3_600;

/**
 * @param options.s3 where outputs go that name no place of their own
 * @throws RpcError `invalid_argument` in upstream's words, or `unimplemented`
 */
export function planOutputs(options: {
  wanted: Wanted;
  choice: EncodingChoice;
  audio: boolean;
  video: boolean;
  s3: S3Settings | undefined;
}): { outputs: PlannedOutputs; encoding: Encoding } {
  const { wanted, choice, audio, video, s3 } = options;
  const { file, stream, segments } = wanted;
  if (!file && !stream && !segments) throw invalid('output');
  // Without another output there has to be somewhere to stream to.
  if (stream && stream.urls.length === 0 && !file && !segments) throw invalid('stream url');
  const { container, encoding } = formatOf({
    ...(file ? { file: file.fileType } : {}),
    isSegmented: segments !== undefined,
    isStreamed: stream !== undefined,
    ...{ audio, video, choice },
  });
  return {
    encoding,
    outputs: {
      ...(file && container
        ? { file: { filepath: file.filepath, container, s3: destination(file.upload, s3) } }
        : {}),
      ...(stream ? { streams: { urls: urlsOf(stream) } } : {}),
      ...(segments
        ? {
            segments: {
              templates: templatesOf(segments),
              seconds: segmentLength(segments.segments.segmentDuration, stream ? choice : undefined),
              s3: destination(segments.upload, s3),
            },
          }
        : {}),
    },
  };
}

function urlsOf({ protocol, urls }: NonNullable<Wanted['stream']>): readonly string[] {
  if (protocol === StreamProtocol.SRT) throw needsUpstream('a stream by SRT');
  if (protocol === StreamProtocol.WEBSOCKET || urls.some((url) => /^wss?:/.test(url)))
    throw needsUpstream('a stream to a websocket');
  if (protocol === StreamProtocol.DEFAULT_PROTOCOL && urls.length === 0) throw invalid('stream protocol');
  for (const url of urls) parseTarget(url);
  return [...new Set(urls)];
}

function templatesOf({ segments }: NonNullable<Wanted['segments']>): SegmentTemplates {
  const templates = {
    prefix: segments.filenamePrefix,
    playlist: segments.playlistName,
    livePlaylist: segments.livePlaylistName,
    hasTimes: hasTimes(segments.filenameSuffix),
  };
  // What is wrong with them is wrong before anything is known of who is recorded.
  segmentNames({ templates, parts: nobody });
  return templates;
}

const nobody = {
  ...{ roomName: '', roomId: '', at: new Date(0) },
  ...{ publisherIdentity: '', trackId: '', trackType: '', trackSource: '' },
};

/** A segment begins with a picture that stands for itself, so that beside a stream it is at most as long as from one to the next. */
function segmentLength(asked: number, beside: EncodingChoice | undefined): number {
  const seconds = asked || usualSegment;
  if (seconds > longestSegment) throw invalid('segment_duration');
  const interval = beside?.case === 'advanced' ? Math.trunc(beside.value.keyFrameInterval) : 0;
  return interval > 0 ? Math.min(interval, seconds) : seconds;
}
