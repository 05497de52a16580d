import type { Bus } from '../contracts/typescript/connect.ts';
import {
  type HealthHeartbeat,
  healthHeartbeat,
  type ServiceError,
  serviceError,
} from '../contracts/typescript/events/system.ts';
import { aborted } from './aborted.ts';
import { type Facts, judge, type Verdict } from './health.ts';

/** Between two heartbeats. Milliseconds. */
const every = 30_000;

const statuses: Readonly<Record<Verdict['level'], HealthHeartbeat['status']>> = {
  ok: 'healthy',
  warning: 'degraded',
  failed: 'unhealthy',
};

const service = 'arc-webhooks';

export function heartbeatOf(facts: Facts): HealthHeartbeat {
  return {
    service,
    timestamp: facts.now.toISOString(),
    status: statuses[judge(facts).level],
    metrics: {
      waiting: facts.waiting,
      delivered: facts.delivered,
      dead_letters: facts.dead.count,
      memory_mb: Math.round(process.memoryUsage.rss() / 1024 / 1024),
    },
  };
}

/** What somebody has to know of: only that it has begun is told. */
export function errorOf(facts: Facts, wasFailed: boolean): ServiceError | undefined {
  const { level, said } = judge(facts);
  if (level !== 'failed' || wasFailed) return undefined;
  const timestamp = facts.now.toISOString();
  return { service, timestamp, error_type: 'unhealthy', error_message: said, severity: 'error' };
}

/** Says every 30 s how it is, until the signal. Nobody waits for a heartbeat that could not be sent. */
export async function beat(options: {
  bus: Promise<Bus>;
  facts: () => Facts;
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
}): Promise<void> {
  const { facts, sleep, signal } = options;
  const bus = await Promise.race([options.bus, aborted(signal)]);
  let wasFailed = false;
  while (bus !== undefined && !signal.aborted) {
    const current = facts();
    const error = errorOf(current, wasFailed);
    wasFailed = judge(current).level === 'failed';
    await bus.publish({ contract: healthHeartbeat, data: heartbeatOf(current) }).catch(() => {});
    if (error !== undefined) await bus.publish({ contract: serviceError, data: error }).catch(() => {});
    await sleep(every, signal).catch(() => {});
  }
}
