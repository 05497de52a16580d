import type { Probe, ResolvedStack } from './model.ts';

/**
 * How to reach the LiveKit server of a stack, and the key to sign with. It is known by the checks that are
 * declared for it, so that no service's name stands in the code.
 */
export function livekitServer(stack: ResolvedStack): Extract<Probe, { kind: 'livekit' }> | undefined {
  for (const container of stack.containers) {
    for (const { probe } of container.checks) if (probe.kind === 'livekit') return probe;
  }
  return undefined;
}
