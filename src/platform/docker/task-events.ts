import type { Clock } from '../../core/clock.ts';
import type { EventSink, TaskState } from '../../core/event.ts';
import type { StepReporter } from '../../core/execute.ts';
import { describe } from '../../core/print-plan.ts';
import { kindOf } from '../../core/resource.ts';
import type { Step, Verb } from '../../core/step.ts';

/** Only in a wait that is long enough for a person to wonder is shown what the probes say. */
const showProgressAfterMilliseconds = 1_000;

/** Makes the events of each step: the one place that does. */
export function taskReporter(options: { emit: EventSink; clock: Clock }): StepReporter {
  const { emit, clock } = options;
  const began = new Map<string, number>();
  const shown = new Map<string, string>();
  const send = (step: Step, state: TaskState, more: { detail?: string; milliseconds?: number } = {}): void =>
    emit({
      type: 'task',
      id: step.id,
      // A container is known by its role, everything else by what it is and its name.
      subject: step.title ?? describe(step),
      action: words(step)[state === 'done' ? 1 : 0],
      state,
      ...more,
    });
  const elapsed = ({ id }: Step): number => Math.round(clock.now() - (began.get(id) ?? clock.now()));
  return {
    announce: (steps) => {
      for (const step of steps) send(step, 'waiting');
    },
    begin: (step) => {
      began.set(step.id, clock.now());
      send(step, 'running');
    },
    progress: (step, detail) => {
      if (elapsed(step) < showProgressAfterMilliseconds || shown.get(step.id) === detail) return;
      shown.set(step.id, detail);
      send(step, 'running', { detail });
    },
    end: (step, state, detail) => {
      send(step, state, { milliseconds: elapsed(step), ...(detail === undefined ? {} : { detail }) });
    },
    skip: (steps) => {
      for (const step of steps) send(step, 'skipped');
    },
  };
}

/** What people read: while it is to be done or under way, and once it is done. */
function words({ verb, on }: Step): readonly [doing: string, done: string] {
  if ((verb === 'await' || verb === 'ask') && kindOf(on) === 'job') return ['wait until done', 'done'];
  return actions[verb];
}

const actions: Record<Verb, readonly [doing: string, done: string]> = {
  create: ['create', 'created'],
  change: ['change', 'changed'],
  remove: ['remove', 'removed'],
  start: ['start', 'started'],
  unpause: ['unpause', 'unpaused'],
  await: ['wait until healthy', 'healthy'],
  ask: ['wait until healthy', 'healthy'],
  stop: ['stop', 'stopped'],
  expand: ['look', 'looked'],
};
