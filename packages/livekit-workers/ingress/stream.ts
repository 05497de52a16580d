import { setTimeout as sleep } from 'node:timers/promises';
import {
  type IngressInfo,
  type IngressState,
  IngressState_Status as Status,
  type UpdateIngressRequest,
} from '@livekit/protocol';
import { now } from '../rpc/time.ts';
import type { IngressConfig } from './config.ts';
import { Feed, type Layout } from './feed.ts';
import { type Job, type JobEnd, startJob } from './job.ts';
import { liveState } from './live-state.ts';
import { publicationOf } from './publication-of.ts';
import { regaining } from './regaining.ts';
import type { Sink, Source } from './rtmp/server.ts';

/** One ingress that is live. */
export type Stream = {
  state: () => IngressState;
  /** Publishes with what has changed: leaves the room, and comes back as it is to be now. */
  update: (request: UpdateIngressRequest) => Promise<void>;
  /** Ends what the stream comes from, and leaves the room. */
  end: (options: { reason: string; failed?: boolean }) => Promise<void>;
};

/** One that an encoder sends to. */
export type PushedStream = Stream & { sink: Sink };

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
}): PushedStream {
  const { source, config, changed, gone } = options;
  const info = options.info.clone();
  const resourceId = `${info.ingressId}-${now()}`;
  const state = liveState({ resourceId, changed });
  const regain = regaining();
  let layout: Layout | undefined;
  let job: Job | undefined;
  /** Resolves when the stream's process is gone: whoever ends it a second time waits for that as well. */
  let over: Promise<void> | undefined;

  const finish = (end: JobEnd, stop: (job: Job) => Promise<unknown>): Promise<void> => {
    over ??= (async () => {
      feed.detach();
      await (job && stop(job));
      const status = end.failed ? Status.ENDPOINT_ERROR : Status.ENDPOINT_INACTIVE;
      state.change({ status, error: end.failed ?? '', endedAt: now() });
      gone();
    })();
    return over;
  };
  const end: Stream['end'] = async ({ reason, failed = false }) => {
    source.end(reason);
    await finish(failed ? { failed: reason } : {}, (running) => running.stop());
  };

  const begin = async (found: Layout): Promise<void> => {
    const publication = await publicationOf({
      config,
      info,
      input: { kind: 'pushed', layout: found },
      resourceId,
    });
    if (over) return;
    const started = startJob({
      publication,
      published: (message) => {
        regain.succeeded();
        state.published(message);
      },
    });
    job = started;
    feed.attach(started.input);
    const ended = await started.ended;
    // It was replaced, or told to end.
    if (job !== started || over) return;
    if (regain.isWorthwhile(ended)) {
      feed.detach();
      state.change({ status: Status.ENDPOINT_BUFFERING });
      await sleep(regain.pauseMilliseconds);
      // It was told to change or to end meanwhile.
      if (job === started && !over) began(found);
      return;
    }
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
  state.change({});
  return {
    state: state.current,
    sink: {
      media: (message) => {
        if (over) return;
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
      state.change({ status: Status.ENDPOINT_BUFFERING });
      await before.stop();
      if (!over) began(layout);
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
