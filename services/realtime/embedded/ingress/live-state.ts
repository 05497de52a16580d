import {
  IngressState,
  InputAudioState,
  InputVideoState,
  IngressState_Status as Status,
  TrackInfo,
  TrackType,
} from '@livekit/protocol';
import { now } from '../rpc/time.ts';
import { channelCount, sampleRate } from './decoder.ts';
import type { Publishing } from './publication.ts';

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
                mimeType: `video/${video.codec}`,
                width: video.width,
                height: video.height,
              }),
            }
          : {}),
        ...(audio
          ? {
              audio: new InputAudioState({
                mimeType: `audio/${audio.codec}`,
                channels: channelCount,
                sampleRate: audio.sampleRate || sampleRate,
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
