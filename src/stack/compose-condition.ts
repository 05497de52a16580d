import type { ResolvedDependency } from './model.ts';

/** What Docker Compose waits for before it starts a dependent. Without a health check it can only see that a container runs. */
export function composeCondition({ condition, unchecked }: ResolvedDependency): string {
  if (condition === 'completed') return 'service_completed_successfully';
  return unchecked ? 'service_started' : 'service_healthy';
}
