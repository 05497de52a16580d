import type { ResolvedDependency } from './model.ts';

/**
 * What Docker Compose waits for before it starts a dependent. Without a health check it can only see that a container
 * runs, and it only knows dependencies for the start.
 */
export function composeCondition({ condition, to, unchecked }: ResolvedDependency): string {
  if (to === 'ready') return 'service_started';
  if (condition === 'completed') return 'service_completed_successfully';
  return unchecked ? 'service_started' : 'service_healthy';
}
