import { type IngressInfo, IngressState, IngressState_Status as Status } from '@livekit/protocol';
import type { IoInfo } from '../rpc/io-info.ts';
import { now } from '../rpc/time.ts';
import type { Log } from '../worker/log.ts';

/**
 * Many encoders show nothing of why they were refused; the API does, and a webhook says so.
 *
 * @param options.error in upstream's words
 */
export async function tellRefusal(options: {
  info: IngressInfo;
  error: 'session is disabled' | 'server capacity exceeded';
  io: Pick<IoInfo, 'updateIngressState'>;
  log: Log;
  report: (cause: unknown) => void;
  signal: AbortSignal;
}): Promise<void> {
  const { error, io, log, report, signal } = options;
  const { ingressId, state } = options.info;
  // The same ingress is live at another worker, from which the server would take nothing more: a state that began later wins.
  if (state?.status === Status.ENDPOINT_PUBLISHING || state?.status === Status.ENDPOINT_BUFFERING) return;
  const at = now();
  const refused = new IngressState({ status: Status.ENDPOINT_ERROR, error, startedAt: at, updatedAt: at });
  log('state', { ingressId, status: Status[refused.status], error });
  await io.updateIngressState(ingressId, refused, signal).catch(report);
}
