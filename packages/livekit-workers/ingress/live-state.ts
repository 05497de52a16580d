import {
  IngressState,
  InputAudioState,
  InputVideoState,
  IngressState_Status as Status,
  TrackInfo,
  TrackType,
} from '@livekit/protocol';
import { now } from '../rpc/time.ts';
import type { Publishing } from './publication.ts';

/** Formats as LiveKit writes them. */
const videoNames: Readonly<Record<string, string>> = {
  h264: 'H264',
  hevc: 'H265',
  vp8: 'VP8',
  vp9: 'VP9',
  av1: 'AV1',
};

/** What the API shows of a stream, and what of it changes. */
export type LiveState = {
  current: () => IngressState;
  change: (values: Partial<IngressState>) => void;
  published: (message: Publishing) => void;
};

/**
 * @param options.resourceId tells this stream from the others of the same ingress
 * @param options.changed told of every new state
 */
export function liveState(options: {
  resourceId: string;
  changed: (state: IngressState) => void;
}): LiveState {
  const { resourceId, changed } = options;
  const state = new IngressState({ status: Status.ENDPOINT_BUFFERING, startedAt: now(), resourceId });
  const change: LiveState['change'] = (values) => {
    Object.assign(state, values, { updatedAt: now() });
    changed(state);
  };
  return {
    current: () => state,
    change,
    published: ({ roomId, tracks, contents: { audio, video } }) =>
      change({
        status: Status.ENDPOINT_PUBLISHING,
        roomId,
        ...(video
          ? {
              video: new InputVideoState({
                mimeType: `video/${videoNames[video.codec] ?? video.codec}`,
                width: video.width,
                height: video.height,
                framerate: video.framesPerSecond ?? 0,
              }),
            }
          : {}),
        ...(audio
          ? {
              audio: new InputAudioState({
                mimeType: `audio/${audio.codec}`,
                channels: audio.channels,
                sampleRate: audio.sampleRate,
              }),
            }
          : {}),
        tracks: tracks.map(
          ({ sid, kind }) =>
            new TrackInfo({ sid, type: kind === 'audio' ? TrackType.AUDIO : TrackType.VIDEO }),
        ),
      }),
  };
}
