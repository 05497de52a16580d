import type { ContainerUsage } from '../../platform/docker/usage.ts';

/** What a container uses now. */
export type Usage = {
  /** 100 is one processor. */
  cpuPercent: number;
  memoryBytes: number;
  receivedPerSecond: number;
  sentPerSecond: number;
};

/**
 * Rates between two looks. A counter that went back belongs to a container that was started again, and counts from zero.
 *
 * @returns undefined if no time has passed between them
 */
export function usageBetween(before: ContainerUsage, after: ContainerUsage): Usage | undefined {
  const milliseconds = after.at - before.at;
  if (milliseconds <= 0) return undefined;
  const per = (name: 'cpuNanoseconds' | 'receivedBytes' | 'sentBytes'): number =>
    (after[name] < before[name] ? after[name] : after[name] - before[name]) / milliseconds;
  return {
    cpuPercent: per('cpuNanoseconds') / 10_000,
    memoryBytes: after.memoryBytes,
    receivedPerSecond: per('receivedBytes') * 1000,
    sentPerSecond: per('sentBytes') * 1000,
  };
}
