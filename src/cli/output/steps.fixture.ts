import type { StepEvent, StepVerb } from '../../core/event.ts';

/** An event of a step on a role's container; one id a verb and role. */
export function stepEvent(
  role: string,
  verb: StepVerb,
  phase: StepEvent['phase'],
  more: Partial<StepEvent> = {},
): StepEvent {
  return { type: 'step', id: `${verb}:${role}`, verb, on: `container/arc-${role}`, role, phase, ...more };
}
