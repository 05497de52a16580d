import { availableParallelism, cpus, loadavg } from 'node:os';
import { type EgressInfo, EgressStatus } from '@livekit/protocol';
import type { Unsubscribe } from '../rpc/bus.ts';
import { RpcError } from '../rpc/error.ts';
import { type IoInfo, ioInfoClient } from '../rpc/io-info.ts';
import { ListActiveEgressResponse, type StartEgressRequest } from '../rpc/messages.ts';
import { methods } from '../rpc/methods.ts';
import { type RedisBus, redisBus } from '../rpc/redis-bus.ts';
import { rpcServer } from '../rpc/server.ts';
import { now } from '../rpc/time.ts';
import { affinityFor, last, silent } from '../worker/affinity.ts';
import { budgetOf } from '../worker/budget.ts';
import { type Health, serveHealth } from '../worker/health.ts';
import type { Log } from '../worker/log.ts';
import { serveMetrics } from '../worker/metrics.ts';
import { stateReporter } from '../worker/state-reporter.ts';
import { costOf } from './budget.ts';
import type { EgressConfig } from './config.ts';
import { type Egress, record } from './egress.ts';
import { gaugesOf } from './gauges.ts';
import { planOf } from './plan.ts';
import { recover } from './recovery.ts';
import { notesIn, scratchFolder } from './scratch.ts';
import { watchScratch } from './scratch-space.ts';
import { startingInfo } from './starting-info.ts';

/**
 * How long files may still be sent at the end, and then how long states may still be told, in milliseconds: together less than
 * the 10 s after which Docker kills. What is not sent by then is kept for the next start.
 */
const drainLimit = 7_000;
const settleLimit = 1_500;

export type EgressWorker = {
  healthPort: number;
  /** Takes nothing new, ends what runs, sends it to its bucket, and tells the server. */
  close: () => Promise<void>;
};

/**
 * @param options.scratch folder for recordings until they are in their bucket; should survive the worker
 * @throws when Redis cannot be reached, or the port is taken
 */
export async function egressWorker(options: {
  config: EgressConfig;
  scratch: string;
  /** Bytes that recordings may take there. */
  scratchLimit?: number;
  log: Log;
  /** Cores that recordings may take. */
  capacity?: number;
  /** How well it suits when it does nothing: 1 is taken at once, and upstream's worker says 0.5. */
  affinity?: number;
}): Promise<EgressWorker> {
  const { config, scratch, log, capacity = availableParallelism(), affinity = 1 } = options;
  const { scratchLimit = Number.POSITIVE_INFINITY } = options;
  /** Ends attempts at uploads, and later those at telling the server. */
  const [sending, closing] = [new AbortController(), new AbortController()];
  const report = (cause: unknown): void => log('connection', { cause: String(cause) });
  const bus: RedisBus = await redisBus({ redis: config.redis, report });
  const io: IoInfo = await ioInfoClient({ bus });
  const server = rpcServer({ bus, report });
  const running = new Map<string, Egress>();
  const ends = new Set<Promise<void>>();
  const budget = budgetOf(capacity);
  let isDraining = false;

  const space = await watchScratch({
    root: scratch,
    limit: scratchLimit,
    full: () => {
      if (running.size > 0) log('scratch', { error: `recordings take ${scratchLimit} bytes or more` });
      for (const egress of running.values()) egress.stop('Session limit reached');
    },
  });

  const suits = (request: StartEgressRequest): number => {
    if (isDraining || space.isFull()) return silent;
    try {
      return affinityFor({ cost: costOf(planOf({ request, s3: config.s3 })), budget, whenIdle: affinity });
    } catch {
      // What is refused here may have another worker that can do it.
      return last;
    }
  };

  const registerHandlers = async (topic: string, egress: Promise<Egress>): Promise<Unsubscribe> => {
    const stops = [
      await server.register({
        method: methods.stopEgress,
        topic,
        handle: async () => {
          const running = await egress;
          running.stop('StopEgress API');
          return running.info().clone();
        },
      }),
      await server.register({
        method: methods.updateStream,
        topic,
        handle: async ({ request }) => {
          const running = await egress;
          const { addOutputUrls: add, removeOutputUrls: remove } = request;
          running.updateStream({ add, remove });
          return running.info().clone();
        },
      }),
    ];
    return async () => {
      await Promise.all(stops.map((stop) => stop()));
    };
  };

  const start = async (request: StartEgressRequest, signal: AbortSignal): Promise<EgressInfo> => {
    const { egressId, roomId } = request;
    const plan = planOf({ request, s3: config.s3 });
    if (running.has(egressId)) throw new RpcError('already_exists', 'egress already exists');
    const cost = costOf(plan);
    if (!budget.couldEver(cost)) {
      const words = `this recording takes about ${cost.toFixed(1)} cores, and this worker has ${capacity}`;
      throw new RpcError('resource_exhausted', words);
    }
    if (isDraining || !budget.canNow(cost)) throw new RpcError('unavailable', 'not enough CPU');
    if (space.isFull())
      throw new RpcError('unavailable', 'recordings that are not sent yet take all the room');
    const giveBack = budget.take(cost);
    const began = Promise.withResolvers<Egress>();
    let unregister: Unsubscribe = async () => {};
    try {
      const info = startingInfo({ egressId, roomId, plan, at: now() });
      const folder = await scratchFolder(scratch, egressId);
      // The server may ask as soon as it has heard of the egress.
      unregister = await registerHandlers(egressId, began.promise);
      await io.createEgress(info, signal);
      const states = stateReporter<EgressInfo>({
        send: (state, signal) => io.updateEgress(state, signal),
        signal: closing.signal,
      });
      const answer = info.clone();
      const egress = record({
        info,
        plan,
        config,
        folder,
        changed: (state) => {
          log('state', {
            egressId,
            room: state.roomName,
            status: EgressStatus[state.status],
            ...(state.error ? { error: state.error } : {}),
          });
          states.report(state);
        },
        report: (cause) => log('recording', { egressId, cause: String(cause) }),
        signal: sending.signal,
      });
      running.set(egressId, egress);
      began.resolve(egress);
      const end: Promise<void> = egress.over
        .then(() => states.settled())
        .then(() => unregister())
        .catch(report)
        .finally(() => {
          running.delete(egressId);
          giveBack();
          ends.delete(end);
        });
      ends.add(end);
      return answer;
    } catch (cause) {
      giveBack();
      began.promise.catch(() => {});
      began.reject(cause);
      await unregister();
      throw cause;
    }
  };

  // Looked for before anything new is taken, so that nothing of it is of this start.
  const notes = await notesIn(scratch);
  const recovered = recover({ notes, scratch, config, io, log, signal: sending.signal }).catch((cause) =>
    log('recovery', { error: String(cause) }),
  );
  await server.register({
    method: methods.startEgress,
    affinity: suits,
    handle: ({ request, signal }) => start(request, signal),
  });
  await server.register({
    method: methods.listActiveEgress,
    handle: async () => new ListActiveEgressResponse({ egressIds: [...running.keys()] }),
  });
  const health: Health = await serveHealth({
    port: config.healthPort,
    wsUrl: config.wsUrl,
    redis: bus,
    // Upstream's answers with the load, whatever the path.
    answer: () => ({
      status: 200,
      type: 'application/json',
      text: JSON.stringify({ CpuLoad: Math.min(1, (loadavg()[0] ?? 0) / cpus().length) }),
    }),
  });
  const metrics = await serveMetrics({
    port: config.prometheusPort,
    gauges: gaugesOf({
      running: () => running.size,
      canAccept: () => !isDraining && !space.isFull() && budget.canNow(Math.min(1, capacity)),
      bytes: space.bytes,
      limit: scratchLimit,
    }),
  });
  log('ready', { healthPort: health.port, capacity, affinity });

  return {
    healthPort: health.port,
    close: async () => {
      isDraining = true;
      space.close();
      for (const egress of running.values()) egress.stop('Process killed');
      const patience = setTimeout(() => sending.abort(), drainLimit);
      const impatience = setTimeout(() => closing.abort(), drainLimit + settleLimit);
      await Promise.all(ends);
      sending.abort();
      await recovered;
      clearTimeout(patience);
      clearTimeout(impatience);
      await Promise.all([health.close(), metrics.close()]);
      await server.close();
      await io.close();
      await bus.close();
    },
  };
}
