import { type IngressInfo, type IngressState, IngressState_Status as Status } from '@livekit/protocol';
import { now } from '../rpc/time.ts';
import type { IngressConfig } from './config.ts';
import { type Job, startJob } from './job.ts';
import { liveState } from './live-state.ts';
import { publicationOf } from './publication-of.ts';
import type { Stream } from './stream.ts';

/**
 * From a URL to the participant in the room, once: such an ingress is over when its stream is, and cannot begin again.
 *
 * @param options.changed told of every new state
 * @param options.gone called once, after the last state
 */
export function pullIn(options: {
  info: IngressInfo;
  config: IngressConfig;
  changed: (state: IngressState) => void;
  gone: () => void;
}): Stream {
  const { info, config, changed, gone } = options;
  const resourceId = info.state?.resourceId ?? '';
  const state = liveState({ resourceId, changed });
  let job: Job | undefined;
  let isOver = false;

  const finish = (failed?: string): void => {
    if (isOver) return;
    isOver = true;
    const status = failed ? Status.ENDPOINT_ERROR : Status.ENDPOINT_COMPLETE;
    state.change({ status, error: failed ?? '', endedAt: now() });
    gone();
  };
  const end: Stream['end'] = async ({ reason, failed = false }) => {
    const stopped = job?.stop();
    finish(failed ? reason : undefined);
    await stopped;
  };
  const run = async (): Promise<void> => {
    const publication = await publicationOf({
      config,
      info,
      input: { kind: 'pulled', url: info.url },
      resourceId,
    });
    if (isOver) return;
    job = startJob({ publication, published: state.published });
    const { failed } = await job.ended;
    finish(failed);
  };
  state.change({});
  run().catch((cause) => finish(String(cause)));
  return {
    state: state.current,
    // The server itself refuses to change what cannot begin again; upstream's worker ends it as well.
    update: () => end({ reason: 'The ingress was changed.' }),
    end,
  };
}
