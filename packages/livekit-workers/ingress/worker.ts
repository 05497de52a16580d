import { availableParallelism } from 'node:os';
import {
  type IngressInfo,
  IngressInput,
  IngressState,
  IngressState_Status as Status,
} from '@livekit/protocol';
import type { Unsubscribe } from '../rpc/bus.ts';
import { RpcError } from '../rpc/error.ts';
import { type IoInfo, ioInfoClient } from '../rpc/io-info.ts';
import { ListActiveIngressResponse } from '../rpc/messages.ts';
import { methods } from '../rpc/methods.ts';
import { type RedisBus, redisBus } from '../rpc/redis-bus.ts';
import { rpcServer } from '../rpc/server.ts';
import { now } from '../rpc/time.ts';
import { affinityFor, last, silent } from '../worker/affinity.ts';
import { budgetOf } from '../worker/budget.ts';
import { type Answer, type Health, serveHealth } from '../worker/health.ts';
import type { Log } from '../worker/log.ts';
import { cpuLoad, serveMetrics } from '../worker/metrics.ts';
import { stateReporter } from '../worker/state-reporter.ts';
import type { IngressConfig } from './config.ts';
import { costBefore, costOnceLive } from './cost.ts';
import { lookUp } from './look-up.ts';
import { refusalOf } from './pull/url.ts';
import { pullIn } from './pulled-stream.ts';
import { tellRefusal } from './refusal.ts';
import { type Decision, listenRtmp } from './rtmp/server.ts';
import type { PublishRequest } from './rtmp/session.ts';
import { type Stream, takeIn } from './stream.ts';

/** How long states may still be told to the server at the end. Milliseconds. */
const settleLimit = 3_000;
/** How long the answer to a URL may wait for the server to know its first state: of the 3 s that an answer has. Milliseconds. */
const tellLimit = 1_000;

export type IngressWorker = {
  rtmpPort: number;
  healthPort: number;
  /** Takes no new streams, ends those that are there, and tells the server. */
  close: () => Promise<void>;
};

/** @throws when Redis cannot be reached, or a port is taken */
export async function ingressWorker(options: {
  config: IngressConfig;
  log: Log;
  /** Cores that streams may take. */
  capacity?: number;
  /** How well it suits to pull a URL when it does nothing: 1, which upstream's worker says too, is taken at once. */
  affinity?: number;
}): Promise<IngressWorker> {
  const { config, log, capacity = availableParallelism(), affinity = 1 } = options;
  const closing = new AbortController();
  const report = (cause: unknown): void => log('connection', { cause: String(cause) });
  const bus: RedisBus = await redisBus({ redis: config.redis, report });
  const io: IoInfo = await ioInfoClient({ bus });
  const server = rpcServer({ bus, report });
  const streams = new Map<string, Stream>();
  const budget = budgetOf(capacity);
  /** Streams of which the last state is still being told. */
  const ends = new Map<string, Promise<void>>();
  let isDraining = false;

  const decide = async ({ key }: PublishRequest): Promise<Decision> => {
    if (isDraining) return { refused: 'this worker takes no new streams' };
    if (!/^[0-9A-Za-z_-]{1,128}$/.test(key)) return { refused: 'unknown stream key' };
    const info = await lookUp({ streamKey: key, io, bus, signal: closing.signal });
    if (!info || info.inputType !== IngressInput.RTMP_INPUT || info.streamKey !== key)
      return { refused: 'unknown stream key' };
    const to = { io, log, report, signal: closing.signal };
    if (info.enabled === false) {
      await tellRefusal({ info, error: 'session is disabled', ...to });
      return { refused: 'this ingress is disabled' };
    }
    // An encoder that comes back takes the place of its own stream.
    if (!(streams.has(info.ingressId) || budget.canNow(cost(info)))) {
      await tellRefusal({ info, error: 'server capacity exceeded', ...to });
      return { refused: 'this worker has as many streams as it can carry' };
    }
    return {
      accepted: (source) => begin(info, (events) => takeIn({ info, source, config, ...events })).stream.sink,
    };
  };

  /** Starts to pull; what becomes of it is told as its state. */
  const pull = async (info: IngressInfo, signal: AbortSignal): Promise<IngressInfo> => {
    const refused = refusalOf(info);
    if (refused) throw refused;
    if (isDraining) throw new RpcError('unavailable', 'server shutting down');
    if (!budget.canNow(cost(info))) throw new RpcError('resource_exhausted', 'server capacity exceeded');
    const started = info.clone();
    started.state = new IngressState({
      status: Status.ENDPOINT_BUFFERING,
      startedAt: now(),
      resourceId: `${info.ingressId}-${now()}`,
    });
    await io.createIngress(started, signal);
    const { told } = begin(started, (events) => pullIn({ info: started, config, ...events }));
    // Whoever has the answer and lists the ingress sees what the answer says; the server stores no state with a new one.
    await atMostUntil(AbortSignal.any([signal, AbortSignal.timeout(tellLimit)]), told());
    return started;
  };

  /** One that would take more than the worker has is taken in where it is alone. */
  const cost = (info: Pick<IngressInfo, 'video'>): number => Math.min(costBefore(info), capacity);

  const suits = (info: IngressInfo | undefined): number => {
    // What is refused here may have another worker that can do it.
    if (!info || refusalOf(info)) return last;
    if (isDraining) return silent;
    return affinityFor({ cost: cost(info), budget, whenIdle: affinity });
  };

  /** @param told resolves when the server knows the last state that there is */
  const registerHandlers = async (
    { ingressId: topic }: IngressInfo,
    told: () => Promise<void>,
  ): Promise<readonly Unsubscribe[]> => [
    await server.register({
      method: methods.updateIngress,
      topic,
      handle: async ({ request }) => {
        const stream = streams.get(topic);
        if (request.enabled === false) await stream?.end({ reason: 'The ingress was disabled.' });
        else await stream?.update(request);
        return stream?.state().clone() ?? new IngressState();
      },
    }),
    await server.register({
      method: methods.deleteIngress,
      topic,
      handle: async ({ signal }) => {
        const stream = streams.get(topic);
        await stream?.end({ reason: 'The ingress was deleted.' });
        // The server removes it upon the answer, and livekit-server 1.13.5 can crash where a state comes in that moment:
        // `UpdateIngressState` takes for granted that what it reads of an ingress has a state.
        await atMostUntil(signal, told());
        return stream?.state().clone() ?? new IngressState();
      },
    }),
  ];

  /**
   * @param start given what the stream has to tell
   * @returns `told` resolves when the server knows the last state that there is
   */
  const begin = <S extends Stream>(
    info: IngressInfo,
    start: (events: { changed: (state: IngressState) => void; gone: () => void }) => S,
  ): { stream: S; told: () => Promise<void> } => {
    const { ingressId } = info;
    const before = streams.get(ingressId);
    let giveBack = budget.take(cost(info));
    const states = stateReporter<IngressState>({
      send: (state, signal) => io.updateIngressState(ingressId, state, signal),
      signal: closing.signal,
    });
    const told = (): Promise<void> => handlers.then(states.settled, report);
    // An encoder that comes back before its old connection was missed: that one's last state is told first.
    const handlers: Promise<readonly Unsubscribe[]> = (async () => {
      await before?.end({ reason: 'The encoder has connected again.' });
      await ends.get(ingressId);
      return registerHandlers(info, told);
    })();
    const stream: S = start({
      changed: (state) => {
        log('state', {
          ingressId,
          status: Status[state.status],
          ...(state.error ? { error: state.error } : {}),
        });
        if (state.status === Status.ENDPOINT_PUBLISHING) {
          giveBack();
          giveBack = budget.take(Math.min(costOnceLive(info, state), capacity));
        }
        const latest = state.clone();
        // The server asks something of it as soon as it knows that it is live.
        void handlers.then(() => states.report(latest), report);
      },
      gone: () => {
        giveBack();
        if (streams.get(ingressId) === stream) streams.delete(ingressId);
        const end: Promise<void> = handlers
          .then((stops) => Promise.all([...stops.map((stop) => stop()), states.settled()]))
          .then(() => {}, report)
          .finally(() => {
            if (ends.get(ingressId) === end) ends.delete(ingressId);
          });
        ends.set(ingressId, end);
      },
    });
    streams.set(ingressId, stream);
    handlers.catch(() => stream.end({ reason: 'The worker has lost Redis.', failed: true }));
    return { stream, told };
  };

  await server.register({
    method: methods.startIngress,
    affinity: ({ info }) => suits(info),
    handle: async ({ request: { info }, signal }) => {
      if (!info) throw new RpcError('invalid_argument', 'invalid ingress: missing IngressInfo');
      return pull(info, signal);
    },
  });
  await server.register({
    method: methods.listActiveIngress,
    handle: async () => new ListActiveIngressResponse({ ingressIds: [...streams.keys()] }),
  });
  const canAccept = (): boolean => !isDraining && budget.canNow(cost({}));
  const rtmp = await listenRtmp({ port: config.rtmpPort, decide, report });
  const health: Health = await serveHealth({
    port: config.healthPort,
    wsUrl: config.wsUrl,
    redis: bus,
    answer: answers(canAccept),
  });
  const metrics = await serveMetrics({
    port: config.prometheusPort,
    gauges: [
      {
        name: 'livekit_ingress_available',
        help: '1 while another stream would be taken',
        value: () => (canAccept() ? 1 : 0),
      },
      { name: 'livekit_ingress_requests', help: 'Streams that are taken in', value: () => streams.size },
      cpuLoad('INGRESS'),
    ],
  });
  log('ready', { rtmpPort: rtmp.port, healthPort: health.port, capacity });

  return {
    rtmpPort: rtmp.port,
    healthPort: health.port,
    close: async () => {
      isDraining = true;
      await Promise.all(
        [...streams.values()].map((stream) => stream.end({ reason: 'The worker is being stopped.' })),
      );
      setTimeout(() => closing.abort(), settleLimit).unref();
      await Promise.all(ends.values());
      closing.abort();
      await rtmp.close();
      await Promise.all([health.close(), metrics.close()]);
      await server.close();
      await io.close();
      await bus.close();
    },
  };
}

/** Waits for no longer than somebody waits for the answer. */
async function atMostUntil(signal: AbortSignal, work: Promise<void>): Promise<void> {
  if (signal.aborted) return;
  const given = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  await Promise.race([work, given]);
}

/** Paths and answers of upstream's worker: `/availability` is whether it would take one more stream, any other whether it works. */
function answers(canAccept: () => boolean): Answer {
  const type = 'text/plain';
  return (path) => {
    if (path !== '/availability') return { status: 200, type, text: 'Healthy' };
    return canAccept()
      ? { status: 200, type, text: 'Available' }
      : { status: 503, type, text: 'No availability' };
  };
}
