import type { Clock } from '../../core/clock.ts';
import type { ResolvedContainer } from '../../stack/model.ts';
import { type BootEvent, type BootStatus, interpret, isFinal, nextStatus } from './boot-status.ts';
import type { ContainerFeed } from './container-feed.ts';
import type { ContainerEvent, ContainerInspection, Engine } from './engine.ts';

/** The state of one container that a boot waits for. */
export type Watched = {
  readonly container: ResolvedContainer;
  status: BootStatus;
  deaths: number;
  exitCode?: number;
  /** The kernel killed a process of its last run for want of memory. */
  outOfMemory: boolean;
  /** The same of a run before that. */
  ranOutBefore: boolean;
  /** ISO 8601, of a container that was running before this boot. */
  startedAt?: string;
  /** Aborted once the status is final. */
  readonly ended: AbortSignal;
};

export type Monitor = {
  /** From now on counts what the Engine reports; of an `idle` container, from its next start on. */
  expect: (container: ResolvedContainer, status: 'idle' | 'running') => Watched;
  /** The container has been running since before this boot. */
  join: (container: ResolvedContainer) => Promise<Watched>;
};

/**
 * How long after a stop by somebody else a start still counts as a restart: `docker restart` takes about as long as a
 * start, which is seconds for a container with many ports.
 */
const restartMilliseconds = 3_000;

/**
 * Follows the project's containers through the Engine's event stream.
 *
 * @param options.onEnd called when a watched container has come to an end
 * @param options.signal ends the watch
 * @returns once the Engine reports, so that a start that follows cannot be missed
 */
export async function startMonitor(options: {
  engine: Engine;
  feed: ContainerFeed;
  clock: Clock;
  signal: AbortSignal;
  onEnd: (watched: Watched) => void;
}): Promise<Monitor> {
  const { engine, feed, clock, signal, onEnd } = options;
  const all = new Map<string, { watched: Watched; ended: AbortController }>();

  function apply(name: string, event: BootEvent): void {
    const entry = all.get(name);
    if (!entry) return;
    const { watched, ended } = entry;
    const before = watched.status;
    watched.status = nextStatus(before, event);
    if (watched.status === before) return;
    if (watched.status === 'stopping') {
      void clock.sleep(restartMilliseconds, signal).then(() => {
        if (!signal.aborted) apply(name, 'not-restarted');
      });
    }
    if (isFinal(watched.status)) {
      ended.abort();
      onEnd(watched);
    }
  }

  function receive(event: ContainerEvent): void {
    const watched = all.get(event.name)?.watched;
    if (!watched) return;
    const { kind, restart } = watched.container;
    const meaning = interpret({ event, kind, restart, deaths: watched.deaths });
    if (watched.status !== 'idle' && !isFinal(watched.status)) note(watched, event);
    if (meaning) apply(event.name, meaning);
  }

  function watch(container: ResolvedContainer, status: BootStatus): Watched {
    const ended = new AbortController();
    const watched: Watched = {
      container,
      status,
      deaths: 0,
      outOfMemory: false,
      ranOutBefore: false,
      ended: ended.signal,
    };
    all.set(container.name, { watched, ended });
    return watched;
  }

  await feed.subscribe({
    onEvent: receive,
    onEnd: () => {
      for (const name of all.keys()) apply(name, 'lost');
    },
  });
  return {
    expect: watch,
    join: async (container) => {
      const watched = watch(container, 'running');
      // It may have ended between the snapshot and the beginning of the stream.
      const seen = await engine.inspectContainer({ name: container.name });
      if (seen?.exitCode !== undefined) watched.exitCode = seen.exitCode;
      if (seen?.startedAt !== undefined) watched.startedAt = seen.startedAt;
      apply(container.name, missedEvent(seen, container.kind));
      return watched;
    },
  };
}

/** The event that would have led to what the Engine says of a container that was running. */
function missedEvent(seen: ContainerInspection | undefined, kind: 'service' | 'job'): BootEvent {
  if (!seen) return 'removed';
  switch (seen.state) {
    case 'removing':
      return 'removed';
    case 'restarting':
      return 'died';
    case 'exited':
    case 'dead':
      return kind === 'job' && seen.exitCode === 0 ? 'completed' : 'ended';
    case 'created':
    case 'running':
    case 'paused':
      return 'started';
    default:
      return seen.state satisfies never;
  }
}

/** Exit code of what ended by SIGKILL: 128 + 9. */
const killed = 137;

/** Keeps what a report will need. */
function note(watched: Watched, event: ContainerEvent): void {
  switch (event.action) {
    case 'start':
      watched.ranOutBefore ||= watched.outOfMemory;
      watched.outOfMemory = false;
      return;
    case 'oom':
      watched.outOfMemory = true;
      return;
    case 'die':
      watched.deaths += 1;
      if (event.exitCode !== undefined) watched.exitCode = event.exitCode;
      // The Engine does not always hear from the kernel before the container's cgroup is gone.
      if (event.exitCode === killed && watched.ranOutBefore) watched.outOfMemory = true;
      return;
    case 'stop':
    case 'destroy':
      return;
    default:
      event.action satisfies never;
  }
}
