import {
  type IngressInfo,
  IngressState,
  InputAudioState,
  InputVideoState,
  IngressState_Status as Status,
  TrackInfo,
  TrackSource,
  TrackType,
  type UpdateIngressRequest,
} from '@livekit/protocol';
import { now } from '../rpc/time.ts';
import type { IngressConfig } from './config.ts';
import { channelCount, sampleRate } from './decoder.ts';
import { Feed, type Layout } from './feed.ts';
import { type Job, type JobEnd, startJob } from './job.ts';
import { pictureOf } from './picture.ts';
import type { FromPublisher } from './publication.ts';
import type { Sink, Source } from './rtmp/server.ts';
import { ingressToken } from './token.ts';

/** One ingress that an encoder sends to. */
export type Stream = {
  sink: Sink;
  state: () => IngressState;
  /** Publishes with what has changed: leaves the room, and comes back as it is to be now. */
  update: (request: UpdateIngressRequest) => Promise<void>;
  /** Ends the encoder's connection and leaves the room. */
  end: (options: { reason: string; failed?: boolean }) => Promise<void>;
};

/**
 * From the encoder's connection to the participant in the room.
 *
 * @param options.changed told of every new state
 * @param options.gone called once, after the last state
 */
export function takeIn(options: {
  info: IngressInfo;
  source: Source;
  config: IngressConfig;
  changed: (state: IngressState) => void;
  gone: () => void;
}): Stream {
  const { source, config, changed, gone } = options;
  const info = options.info.clone();
  const state = new IngressState({
    status: Status.ENDPOINT_BUFFERING,
    startedAt: now(),
    resourceId: `${info.ingressId}-${now()}`,
  });
  let layout: Layout | undefined;
  let job: Job | undefined;
  let isOver = false;

  const change = (values: Partial<IngressState>): void => {
    Object.assign(state, values, { updatedAt: now() });
    changed(state);
  };

  const finish = async (end: JobEnd, stop: (job: Job) => Promise<unknown>): Promise<void> => {
    if (isOver) return;
    isOver = true;
    feed.detach();
    if (job) await stop(job);
    const status = end.failed ? Status.ENDPOINT_ERROR : Status.ENDPOINT_INACTIVE;
    change({ status, error: end.failed ?? '', endedAt: now() });
    gone();
  };
  const end: Stream['end'] = async ({ reason, failed = false }) => {
    source.end(reason);
    await finish(failed ? { failed: reason } : {}, (running) => running.stop());
  };

  const published = (found: Layout, message: Extract<FromPublisher, { kind: 'publishing' }>): void => {
    const { width = 0, height = 0 } = found;
    change({
      status: Status.ENDPOINT_PUBLISHING,
      roomId: message.roomId,
      ...(found.video ? { video: new InputVideoState({ mimeType: 'video/h264', width, height }) } : {}),
      ...(found.audio
        ? { audio: new InputAudioState({ mimeType: 'audio/aac', channels: channelCount, sampleRate }) }
        : {}),
      tracks: message.tracks.map(
        ({ sid, kind }) => new TrackInfo({ sid, type: kind === 'audio' ? TrackType.AUDIO : TrackType.VIDEO }),
      ),
    });
  };

  const begin = async (found: Layout): Promise<void> => {
    const token = await ingressToken({ config, info });
    if (isOver) return;
    const started = startJob({
      publication: {
        wsUrl: config.wsUrl,
        token,
        layout: found,
        picture: pictureOf({ layout: found, video: info.video }),
        audio: { name: info.audio?.name || 'audio', source: info.audio?.source || TrackSource.MICROPHONE },
        video: { name: info.video?.name || 'video', source: info.video?.source || TrackSource.CAMERA },
      },
      published: (message) => published(found, message),
    });
    job = started;
    feed.attach(started.input);
    const ended = await started.ended;
    // It was replaced, or told to end.
    if (job !== started || isOver) return;
    const reason = ended.failed ?? 'The stream is over.';
    await end({ reason, failed: ended.failed !== undefined });
  };
  const began = (found: Layout): void => {
    begin(found).catch((cause) => end({ reason: String(cause), failed: true }));
  };

  const feed = new Feed({
    layout: (found) => {
      layout = found;
      began(found);
    },
    full: source.pause,
    drained: source.resume,
  });
  change({});
  return {
    state: () => state,
    sink: {
      media: (message) => {
        if (isOver) return;
        try {
          feed.push(message);
        } catch (cause) {
          void end({ reason: cause instanceof Error ? cause.message : String(cause), failed: true });
        }
      },
      // What is still in the decoder is published before the participant leaves.
      ended: () =>
        void finish({}, (running) => {
          running.input.end();
          return drained(running);
        }),
    },
    update: async (request) => {
      merge(info, request);
      if (!job || !layout) return;
      const before = job;
      job = undefined;
      feed.detach();
      change({ status: Status.ENDPOINT_BUFFERING });
      await before.stop();
      if (!isOver) began(layout);
    },
    end,
  };
}

/** As long as a stream's last pictures may take. Milliseconds. */
const drainLimit = 3_000;

async function drained(job: Job): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    timer = setTimeout(resolve, drainLimit);
    void job.ended.then(() => resolve());
  });
  clearTimeout(timer);
  await job.stop();
}

/** As livekit-server does with its own copy (`updateInfoUsingRequest`): what is empty stays. */
function merge(info: IngressInfo, request: UpdateIngressRequest): void {
  info.name = request.name || info.name;
  info.roomName = request.roomName || info.roomName;
  info.participantIdentity = request.participantIdentity || info.participantIdentity;
  info.participantName = request.participantName || info.participantName;
  info.participantMetadata = request.participantMetadata || info.participantMetadata;
  if (request.audio) info.audio = request.audio;
  if (request.video) info.video = request.video;
}
