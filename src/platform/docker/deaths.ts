import type { Plan } from '../../core/step.ts';
import type { ContainerFeed } from './container-feed.ts';

/** Tells of the next end of a container's process, once. */
export type Deaths = { once: (name: string, told: () => void) => void };

/**
 * Watches for processes that end, if a stop of the plan waits for another stop. The Engine says that a container has
 * stopped when its network is taken down too: 0.1 s later, or 5 s with a hundred ports. What waits for the process
 * need not wait for that.
 */
export async function watchDeaths(options: { plan: Plan; feed: ContainerFeed }): Promise<Deaths> {
  const { plan, feed } = options;
  const told = new Map<string, () => void>();
  const isStop = new Set(plan.steps.filter(({ stage }) => stage === 'stop').map(({ id }) => id));
  const chained = plan.steps.some(({ id, after }) => isStop.has(id) && after.some((one) => isStop.has(one)));
  if (!chained) return { once: () => {} };
  // Where the stream ends, the Engine's answer to the stop comes all the same.
  await feed.subscribe({
    onEvent: ({ action, name }) => {
      if (action !== 'die') return;
      told.get(name)?.();
      told.delete(name);
    },
  });
  return { once: (name, callback) => void told.set(name, callback) };
}
