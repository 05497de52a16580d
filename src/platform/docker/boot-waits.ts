import type { Clock } from '../../core/clock.ts';
import type { Problem } from '../../core/errors.ts';
import type { ProbeAnswer, Prober } from '../../core/probes/probe.ts';
import type { Secret } from '../../core/secret.ts';
import type { Plan } from '../../core/step.ts';
import type { Probe, ResolvedContainer } from '../../stack/model.ts';
import { awaitCompleted, awaitHealthy, type HoldUntil } from './await-container.ts';
import { bootProblem, type WaitEnd } from './boot-failure.ts';
import type { ContainerFeed } from './container-feed.ts';
import { type Hold, type Wait, worksOf } from './drivers/work.ts';
import type { Engine } from './engine.ts';
import { holdUntil, type LastStart } from './hold.ts';
import { startMonitor, type Watched } from './monitor.ts';
import { type Deadlines, waitLimits } from './wait-limits.ts';

export type Ready = { role: string; name: string; kind: 'service' | 'job'; milliseconds: number };

/** The waits of one execution. */
export type BootWaits = {
  /** To be called before a container is started, so that nothing that the Engine reports of it is missed. */
  follow: (begun: { container: ResolvedContainer; status: 'idle' | 'running' }) => void;
  /** Waits until the container is ready. */
  wait: (wait: Wait, onAnswer: (answer: ProbeAnswer) => void) => Promise<Problem | undefined>;
  /** By container name, in the order in which they became ready. */
  ready: ReadonlyMap<string, Ready>;
  /** Names of the containers that were started or found running. */
  started: Iterable<string>;
};

type WaitOptions = {
  plan: Plan;
  engine: Engine;
  feed: ContainerFeed;
  prober: Prober<Probe>;
  secrets: Iterable<Secret>;
  clock: Clock;
  deadlines: Deadlines;
  /** Aborted when the execution is over. */
  finished: AbortSignal;
  /** When the prerequisites were complete, on the clock. */
  began: () => number;
  /** Aborted by the user: what is not ready then is no problem. */
  interrupted: AbortSignal;
  /** A container that was ready has ended for good. The problem comes once its log has been read. */
  onLateEnd: (problem: Promise<Problem>) => void;
};

/** Follows the Engine's events if the plan has anything to wait for; a plan that only stops and removes has not. */
export async function startWaits(options: WaitOptions): Promise<BootWaits> {
  const { plan, engine, feed, clock, finished, interrupted, deadlines, began } = options;
  const ready = new Map<string, Ready>();
  const started = new Map<string, Watched>();
  /** Names of the containers that this execution has started. */
  const begunHere = new Set<string>();
  if (worksOf(plan, 'wait').length === 0)
    return { follow: () => {}, wait: async () => undefined, ready, started: [] };

  const onEnd = (watched: Watched): void => {
    const { kind, name } = watched.container;
    if (kind === 'job' || !ready.has(name)) return;
    options.onLateEnd(bootProblem({ ...options, watched, end: { kind: 'final' } }));
  };
  const monitor = await startMonitor({ engine, feed, clock, signal: finished, onEnd });

  async function wait(awaited: Wait, onAnswer: (answer: ProbeAnswer) => void): Promise<Problem | undefined> {
    const { container } = awaited;
    const { role, name, kind } = container;
    const watched = started.get(name) ?? (await monitor.join(container));
    started.set(name, watched);
    const from = clock.now();
    const limits = waitLimits({ container, clock, deadlines });
    const hold = await holdOf(awaited.holds, watched);
    let lastAnswer: ProbeAnswer | undefined;
    const isReady = await untilReady(watched, hold, limits.signal, (answer) => {
      lastAnswer = answer;
      onAnswer(answer);
    });
    limits.release();
    if (isReady) {
      ready.set(name, { role, name, kind, milliseconds: clock.now() - began() });
      return undefined;
    }
    if (interrupted.aborted) return undefined;
    const end: WaitEnd = watched.ended.aborted ? { kind: 'final' } : limits.end();
    const waitedMilliseconds = clock.now() - from;
    return bootProblem({
      ...options,
      watched,
      end,
      waitedMilliseconds,
      ...(lastAnswer ? { lastAnswer } : {}),
    });
  }

  async function holdOf(holds: readonly Hold[], watched: Watched): Promise<HoldUntil | undefined> {
    if (holds.length === 0) return undefined;
    const starts = new Map(
      await Promise.all(holds.map(async (hold) => [hold.name, await lastStart(hold)] as const)),
    );
    const own = watched.startedAt ?? (await startedAt(watched.container.name));
    return holdUntil({ holds, own, startOf: ({ name }) => starts.get(name), clock });
  }

  async function lastStart({ name }: Hold): Promise<LastStart> {
    const isReady = ready.get(name);
    if (isReady && begunHere.has(name)) return { kind: 'now', ready: began() + isReady.milliseconds };
    const at = started.get(name)?.startedAt ?? (await startedAt(name));
    return at === undefined ? undefined : { kind: 'before', startedAt: at };
  }

  async function startedAt(name: string): Promise<string | undefined> {
    return (await engine.inspectContainer({ name }))?.startedAt;
  }

  async function untilReady(
    watched: Watched,
    hold: HoldUntil | undefined,
    signal: AbortSignal,
    onAnswer: (answer: ProbeAnswer) => void,
  ): Promise<boolean> {
    const { health } = watched.container;
    if (health.kind === 'exit') return awaitCompleted({ watched, signal });
    const timeoutMilliseconds = health.timeoutSeconds * 1000;
    const { probe } = health;
    return awaitHealthy({
      ...options,
      watched,
      probe,
      timeoutMilliseconds,
      signal,
      onAnswer,
      ...(hold ? { hold } : {}),
    });
  }

  return {
    follow: ({ container, status }) => {
      started.set(container.name, monitor.expect(container, status));
      begunHere.add(container.name);
    },
    wait,
    ready,
    started: { [Symbol.iterator]: () => started.keys() },
  };
}
