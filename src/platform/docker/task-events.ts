import type { Clock } from '../../core/clock.ts';
import type { EventSink, TaskState } from '../../core/event.ts';
import type { Operation, Plan } from './operation.ts';
import { fullName } from './print-plan.ts';

/** What people see of an execution: one task an operation. */
export type TaskReporter = {
  begin: (operation: Operation) => void;
  /** What is being waited for says something new. */
  progress: (operation: Operation, detail: string) => void;
  end: (operation: Operation, state: 'done' | 'failed', detail?: string) => void;
  skip: (operations: readonly Operation[]) => void;
};

/** Only in a wait that is long enough for a person to wonder is shown what the probes say. */
const showProgressAfterMilliseconds = 1_000;

/** Announces all operations at once, so that a live display can lay them out, and reports on each. */
export function taskReporter(options: { plan: Plan; emit: EventSink; clock: Clock }): TaskReporter {
  const { plan, emit, clock } = options;
  const began = new Map<string, number>();
  const shown = new Map<string, string>();
  const send = (
    operation: Operation,
    state: TaskState,
    more: { detail?: string; milliseconds?: number } = {},
  ): void =>
    emit({
      type: 'task',
      id: operation.id,
      subject: subjectOf(operation),
      action: actions[operation.kind][state === 'done' ? 1 : 0],
      state,
      ...more,
    });
  const elapsed = ({ id }: Operation): number => Math.round(clock.now() - (began.get(id) ?? clock.now()));
  for (const operation of plan.operations) send(operation, 'waiting');
  return {
    begin: (operation) => {
      began.set(operation.id, clock.now());
      send(operation, 'running');
    },
    progress: (operation, detail) => {
      if (elapsed(operation) < showProgressAfterMilliseconds || shown.get(operation.id) === detail) return;
      shown.set(operation.id, detail);
      send(operation, 'running', { detail });
    },
    end: (operation, state, detail) => {
      send(operation, state, {
        milliseconds: elapsed(operation),
        ...(detail === undefined ? {} : { detail }),
      });
    },
    skip: (operations) => {
      for (const operation of operations) send(operation, 'skipped');
    },
  };
}

/** What people read: while it is to be done or under way, and once it is done. */
const actions: Record<Operation['kind'], readonly [doing: string, done: string]> = {
  'create-network': ['create', 'created'],
  'remove-network': ['remove', 'removed'],
  'create-volume': ['create', 'created'],
  'remove-volume': ['remove', 'removed'],
  'create-container': ['create', 'created'],
  'start-container': ['start', 'started'],
  'unpause-container': ['unpause', 'unpaused'],
  'await-healthy': ['wait until healthy', 'healthy'],
  'await-completed': ['wait until done', 'done'],
  'stop-container': ['stop', 'stopped'],
  'remove-container': ['remove', 'removed'],
  'remove-image': ['remove', 'removed'],
  'remove-unnamed-image': ['remove', 'removed'],
};

/** A container is known by its role, everything else by what it is and its name. */
function subjectOf(operation: Operation): string {
  if ('container' in operation) return operation.container.role;
  return 'role' in operation && operation.kind !== 'create-volume' ? operation.role : fullName(operation);
}
