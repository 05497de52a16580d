import type { WatchedContainer } from './config.ts';
import type { Reached } from './reach.ts';

/** The body of a heartbeat. `reported_by`: who says it, if the program cannot say it of itself. */
export type Heartbeat = {
  service: string;
  timestamp: string;
  status: 'healthy' | 'degraded' | 'unhealthy';
  reported_by?: string;
  metrics?: Readonly<Record<string, number>>;
};

/** The watcher's name in heartbeats. */
export const self = 'arc-watcher';

/**
 * The heartbeats of containers whose programs are an upstream's and know no NATS. One that is not there has none: its
 * silence says so, as that of any other.
 *
 * @param options.beating roles whose programs send heartbeats of themselves
 */
export async function heartbeatsFor(options: {
  containers: readonly WatchedContainer[];
  beating: readonly string[];
  reach: (container: WatchedContainer) => Promise<Reached>;
  now: Date;
}): Promise<readonly Heartbeat[]> {
  const { containers, beating, reach, now } = options;
  const asked = containers.filter(({ role, ports }) => ports.length > 0 && !beating.includes(role));
  const answers = await Promise.all(
    asked.map(async (container) => ({ container, status: await reach(container) })),
  );
  return answers.flatMap(({ container, status }): readonly Heartbeat[] =>
    status === 'absent'
      ? []
      : [{ service: container.host, timestamp: now.toISOString(), status, reported_by: self }],
  );
}
