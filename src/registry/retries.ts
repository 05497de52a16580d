import type { RetryPolicy } from '../core/retry.ts';

/**
 * Six attempts, with 0.5 s, 1 s, 2 s, 4 s and 8 s between them: a registry that restarts or a load balancer that turns
 * over is back by then. The deadline bounds what registries ask for with Retry-After (Docker Hub: up to a minute).
 */
export const registryRetries: RetryPolicy = {
  attempts: 6,
  firstDelay: 500,
  longestDelay: 8_000,
  deadline: 5 * 60_000,
};
