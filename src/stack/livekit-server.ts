import type { Probe, ResolvedStack } from './model.ts';

/**
 * The LiveKit server of a stack: the container that has it, and how to ask and sign for it. It is known by the
 * checks that are declared for it, so that no service's name stands in the code.
 */
export function livekitServer(
  stack: ResolvedStack,
): { role: string; probe: Extract<Probe, { kind: 'livekit' }> } | undefined {
  for (const { role, checks } of stack.containers) {
    for (const { probe } of checks) if (probe.kind === 'livekit') return { role, probe };
  }
  return undefined;
}
