import { EgressClient, IngressClient, IngressInput } from 'livekit-server-sdk';
import type { Reply } from '../../core/probes/ask.ts';
import { apiError, refusedBy } from './api.ts';
import { healthRoom } from './health-room.ts';
import type { Aspect } from './probe.ts';
import { clientOptions } from './server.ts';

/**
 * A call takes at most 1.5 s to find a worker, if there is one (livekit psrpc). Without one the server keeps trying for
 * 21 s before it says "no response from servers", which is too long to wait.
 */
const longestMilliseconds = 5_000;

/**
 * An egress worker answers a request that it must refuse: to record a track without a name. The server passes it
 * on unseen, so the refusal is the worker's, and nothing is started.
 */
export const egressAnswers: Aspect['run'] = (options) => {
  const egress = new EgressClient(...clientOptions(bounded(options)));
  return askWorker('egress', async () => {
    const { egressId } = await egress.startTrackEgress('', 'ws://127.0.0.1:9', '');
    await egress.stopEgress(egressId);
  });
};

/**
 * An ingress worker accepts a stream to pull from an address without a server, and is told to drop it again. No smaller
 * request reaches a worker, because the server itself refuses invalid ones.
 */
export const ingressAnswers: Aspect['run'] = (options) => {
  const ingress = new IngressClient(...clientOptions(bounded(options)));
  return askWorker('ingress', async () => {
    const { ingressId } = await ingress.createIngress(IngressInput.URL_INPUT, {
      name: 'arc-health',
      roomName: healthRoom(),
      participantIdentity: 'arc-health',
      url: 'http://127.0.0.1:9/',
    });
    await ingress.deleteIngress(ingressId);
  });
};

function bounded<T extends { timeoutMilliseconds: number }>(options: T): T {
  return { ...options, timeoutMilliseconds: Math.min(options.timeoutMilliseconds, longestMilliseconds) };
}

async function askWorker(kind: 'ingress' | 'egress', call: () => Promise<void>): Promise<Reply> {
  try {
    await call();
    return { ok: true, came: 'a worker answered' };
  } catch (cause) {
    if ((cause as Error).name === 'TimeoutError') return nobody(kind);
    const { code, message } = apiError(cause);
    switch (code) {
      case 'invalid_argument':
        return { ok: true, came: 'a worker answered' };
      case 'resource_exhausted':
        return { ok: true, came: 'a worker answered that it is busy' };
      case 'unavailable':
        return /no response/.test(message) ? nobody(kind) : refusedBy(cause);
      default:
        return /not connected/.test(message)
          ? { ok: false, came: `the server runs without Redis, so ${kind} cannot work` }
          : refusedBy(cause);
    }
  }
}

function nobody(kind: string): Reply {
  return { ok: false, came: `no ${kind} worker answers: none runs, or all are too busy to take work` };
}
