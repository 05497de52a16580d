import type { Plan } from '../../core/step.ts';
import type { ContainerFeed } from './container-feed.ts';

/** Tells of the next end of a container's process, once. */
export type Deaths = { once: (name: string, told: () => void) => void };

/**
 * Watches for the end of processes, if one stop of the plan waits for another. The Engine reports a stop only once the
 * network is removed as well: 0.1 s later, or 5 s with a hundred ports. A step that waits for the process does not need
 * that.
 */
export async function watchDeaths(options: { plan: Plan; feed: ContainerFeed }): Promise<Deaths> {
  const { plan, feed } = options;
  const told = new Map<string, () => void>();
  const isStop = new Set(plan.steps.filter(({ stage }) => stage === 'stop').map(({ id }) => id));
  const chained = plan.steps.some(({ id, after }) => isStop.has(id) && after.some((one) => isStop.has(one)));
  if (!chained) return { once: () => {} };
  // If the stream ends, the Engine still answers the stop.
  await feed.subscribe({
    onEvent: ({ action, name }) => {
      if (action !== 'die') return;
      told.get(name)?.();
      told.delete(name);
    },
  });
  return { once: (name, callback) => void told.set(name, callback) };
}
