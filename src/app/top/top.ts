import { systemClock } from '../../core/clock.ts';
import type { ContainerUsage } from '../../platform/docker/usage.ts';
import type { Activity } from '../../providers/activity.ts';
import { namedRoles } from '../chosen-roles.ts';
import type { Context } from '../context.ts';
import { serversOf } from '../providers.ts';
import { type RunningStack, withRunning } from '../running-stack.ts';
import { type Usage, usageBetween } from './rates.ts';

/** A running container: what it uses, and what it does. */
export type TopRow = {
  role: string;
  name: string;
  codename: string;
  /** Bytes that it may use at most, if it has a bound. */
  memoryLimit?: number;
  /** Absent if the Engine does not say, because it is being started or stopped. */
  usage?: Usage;
  /** What a server of a known technology says that it does now: rooms, participants, streams. */
  doing: readonly Activity['counts'][number][];
};

/** A server that does not answer by then says nothing about what it does. */
const longestMilliseconds = 2_000;

/**
 * Looks at what runs again and again: `show` gets the rows of each look, beginning one interval after the call.
 *
 * @param options.interval milliseconds between two looks
 * @param options.once whether the first is the only one
 * @throws ArcError `nothing-runs`, `unknown-name`
 */
export async function watchTop(options: {
  context: Context;
  selection: readonly string[];
  interval: number;
  once: boolean;
  show: (rows: readonly TopRow[]) => void;
}): Promise<void> {
  const { context, selection, interval, once, show } = options;
  await withRunning({
    context,
    use: async (running) => {
      const named = namedRoles({ manifests: running.manifests, selection, without: [] });
      const isNamed = (role: string): boolean => named === undefined || named.has(role);
      let before = await usageOf(running, isNamed);
      while (!context.signal.aborted) {
        await systemClock.sleep(interval, context.signal);
        if (context.signal.aborted) return;
        const [after, doing] = await Promise.all([usageOf(running, isNamed), activity(running, context)]);
        show(rowsOf({ running, before, after, doing }));
        if (once) return;
        before = after;
      }
    },
  });
}

type Usages = ReadonlyMap<string, ContainerUsage | undefined>;

async function usageOf(
  { engine, running }: RunningStack,
  isNamed: (role: string) => boolean,
): Promise<Usages> {
  const chosen = [...running].filter(([role]) => isNamed(role));
  return new Map(
    await Promise.all(
      chosen.map(async ([role, { name }]) => [role, await engine.containerUsage({ name })] as const),
    ),
  );
}

async function activity(
  { stack, reach, running }: RunningStack,
  context: Context,
): Promise<ReadonlyMap<string, Activity['counts']>> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(longestMilliseconds)]);
  const found = await Promise.all(
    serversOf(stack)
      .filter(({ server }) => running.has(server.role))
      .map(async ({ provider, server }) => (await provider.activity?.({ server, reach, signal })) ?? []),
  );
  return new Map(found.flat().map(({ role, counts }) => [role, counts]));
}

function rowsOf(options: {
  running: RunningStack;
  before: Usages;
  after: Usages;
  doing: ReadonlyMap<string, Activity['counts']>;
}): readonly TopRow[] {
  const { running, before, after, doing } = options;
  return Array.from(after, ([role, now]) => {
    const container = running.stack.containers.find((one) => one.role === role);
    const observed = running.running.get(role);
    const then = before.get(role);
    const usage = then && now && usageBetween(then, now);
    const memoryLimit = container?.resources.memory;
    return {
      role,
      name: observed?.name ?? role,
      codename: observed?.codename ?? '',
      ...(memoryLimit === undefined ? {} : { memoryLimit }),
      ...(usage === undefined ? {} : { usage }),
      doing: doing.get(role) ?? [],
    };
  }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
