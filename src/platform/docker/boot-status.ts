import type { RestartPolicy } from '../../manifest/model.ts';
import type { ContainerEvent } from './engine.ts';

/** How a container that arc waits for is doing. The last five are final. */
export type BootStatus =
  /** Not started yet by this plan; what an earlier run of it does is of no interest. */
  | 'idle'
  | 'running'
  /** It died, and the Engine will restart it. */
  | 'restarting'
  /** Somebody else has asked the Engine to stop it, or to restart it: which of the two is not known yet. */
  | 'stopping'
  | 'completed'
  | 'ended'
  | 'stopped'
  | 'removed'
  | 'lost';

/** What the Engine's events mean for one container, by its kind and its restart policy. */
export type BootEvent =
  | 'started'
  /** Died, and its restart policy brings it back. */
  | 'died'
  /** Died for good. */
  | 'ended'
  /** A job ended with 0. */
  | 'completed'
  | 'stopped'
  | 'removed'
  /** Nothing started it in the time that a restart may take. */
  | 'not-restarted'
  /** The Engine's event stream has ended. */
  | 'lost';

/**
 * The Engine's orderings (moby 20.10 to 29; docker/compose `pkg/compose/monitor.go`):
 *
 * - exits by itself: die, nothing else
 * - restart policy: die, start, die, start … and nothing while the Engine waits to try again
 * - docker stop: kill, then die and stop in either order; while the Engine waits to restart it: stop alone
 * - docker restart: kill, die and stop in either order, start, restart
 * - out of memory: oom, die; or oom alone, where the kernel chose a child
 * - docker rm -f: kill, die, destroy
 * - start of the same container after a stop: the die of the old run may be reported late, but before the start
 */
const next: Record<BootStatus, Record<BootEvent, BootStatus>> = {
  idle: {
    started: 'running',
    died: 'idle',
    ended: 'idle',
    completed: 'idle',
    stopped: 'idle',
    removed: 'idle',
    'not-restarted': 'idle',
    lost: 'lost',
  },
  running: {
    started: 'running',
    died: 'restarting',
    ended: 'ended',
    completed: 'completed',
    stopped: 'stopping',
    removed: 'removed',
    'not-restarted': 'running',
    lost: 'lost',
  },
  restarting: {
    started: 'running',
    died: 'restarting',
    ended: 'ended',
    completed: 'completed',
    stopped: 'stopping',
    removed: 'removed',
    'not-restarted': 'restarting',
    lost: 'lost',
  },
  stopping: {
    started: 'running',
    died: 'stopping',
    ended: 'stopping',
    completed: 'stopping',
    stopped: 'stopping',
    removed: 'removed',
    'not-restarted': 'stopped',
    lost: 'lost',
  },
  completed: final('completed'),
  ended: final('ended'),
  stopped: final('stopped'),
  removed: final('removed'),
  lost: final('lost'),
};

function final(status: BootStatus): Record<BootEvent, BootStatus> {
  return {
    started: status,
    died: status,
    ended: status,
    completed: status,
    stopped: status,
    removed: status,
    'not-restarted': status,
    lost: status,
  };
}

export function nextStatus(status: BootStatus, event: BootEvent): BootStatus {
  return next[status][event];
}

/** Nothing that the container does from here on changes how arc judges this boot. */
export function isFinal(status: BootStatus): boolean {
  return !['idle', 'running', 'restarting', 'stopping'].includes(status);
}

/**
 * How often a container may die and be brought back by its restart policy before arc gives it up. The Engine waits
 * 0.1, 0.2, 0.4 and 0.8 s between the first five, so one that waits for something has a few seconds, and one with
 * a wrong configuration fails soon.
 */
export const toleratedDeaths = 4;

/**
 * What an event of the Engine means for a container.
 *
 * @param options.deaths how often it has died before this event
 * @returns undefined if it means nothing by itself (`oom`: the `die` that follows counts)
 */
export function interpret(options: {
  event: ContainerEvent;
  kind: 'service' | 'job';
  restart: RestartPolicy;
  deaths: number;
}): BootEvent | undefined {
  const { event, kind, restart, deaths } = options;
  switch (event.action) {
    case 'start':
      return 'started';
    case 'stop':
      return 'stopped';
    case 'destroy':
      return 'removed';
    case 'oom':
      return undefined;
    case 'die':
      if (kind === 'job' && event.exitCode === 0) return 'completed';
      return isBroughtBack(restart, event.exitCode) && deaths < toleratedDeaths ? 'died' : 'ended';
    default:
      return event.action satisfies never;
  }
}

function isBroughtBack(restart: RestartPolicy, exitCode: number | undefined): boolean {
  switch (restart) {
    case 'no':
      return false;
    case 'on-failure':
      return exitCode !== 0;
    case 'unless-stopped':
    case 'always':
      return true;
    default:
      return restart satisfies never;
  }
}
