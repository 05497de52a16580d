import type { HealthHeartbeat } from '../../../contracts/typescript/events/system.ts';
import type { ServiceFact } from '../facts/facts.ts';

/** Services report every 30 s; whoever misses two is not there. */
const silentMs = 75_000;

/** How long it takes until every service that is there has reported. */
const learningMs = 35_000;

/** How the services are, as they say themselves, or as the watcher says of those that cannot. */
export function heartbeats(now: () => number): {
  heard(heartbeat: Pick<HealthHeartbeat, 'service' | 'status'>): void;
  /** Undefined until everybody had time to report. */
  services(): readonly ServiceFact[] | undefined;
} {
  const since = now();
  const last = new Map<string, { status: HealthHeartbeat['status']; at: number }>();
  return {
    heard: ({ service, status }) => void last.set(service, { status, at: now() }),
    services: () => {
      if (last.size === 0 || now() - since < learningMs) return undefined;
      return [...last].map(([name, { status, at }]) => ({
        name: name.replace(/^arc-/u, ''),
        healthy: status === 'healthy' && now() - at < silentMs,
      }));
    },
  };
}
