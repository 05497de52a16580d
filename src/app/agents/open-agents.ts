import { failed } from '../../core/errors.ts';
import type { AgentQuestion, AgentTools, WorkerInfo } from '../../providers/agents.ts';
import type { Context } from '../context.ts';
import { serversOf } from '../providers.ts';
import { type RunningStack, withRunning } from '../running-stack.ts';

/** A container of the project that holds conversations. */
export type Worker = {
  role: string;
  container: string;
  /** Absent where it does not say. */
  info?: WorkerInfo;
  /** Why it takes no conversation; absent where it is registered with its server. */
  away?: string;
};

/** What `arc agents` works with: the workers of the project, and the server whose rooms they join. */
export type Agents = {
  workers: readonly Worker[];
  /** Runs `use` with the tools of the server, and the way to it. */
  at: <Result>(use: (tools: AgentTools, question: AgentQuestion) => Promise<Result>) => Promise<Result>;
};

/** A worker that does not answer by then is away. */
const timeoutMilliseconds = 5_000;

/** @throws ArcError `nothing-runs`, `no-rooms` where no server runs whose rooms agents could join */
export async function openAgents<Result>(options: {
  context: Context;
  use: (agents: Agents) => Promise<Result>;
}): Promise<Result> {
  const { context, use } = options;
  return await withRunning({
    context,
    use: async (running) => {
      const { signal } = context;
      const found = serversOf(running.stack)
        .filter(({ server }) => running.running.has(server.role))
        .flatMap(({ provider, server }) => (provider.agents ? [{ tools: provider.agents, server }] : []))[0];
      if (found === undefined)
        throw failed({
          code: 'no-rooms',
          message: 'No server runs whose rooms agents could join.',
          suggestion: 'run `arc up agent`',
        });
      const { tools, server } = found;
      return await use({
        workers: await workersOf(running, signal),
        at: async (then) => {
          await using address = await running.reach(server.probes[0].at, signal);
          return await then(tools, { server, address, signal });
        },
      });
    },
  });
}

/** Roles of containers that hold conversations, of those that run. */
export function workerRoles({ stack, running }: RunningStack): ReadonlySet<string> {
  const workers = serversOf(stack).filter(({ provider }) => provider.worker !== undefined);
  return new Set(workers.map(({ server }) => server.role).filter((role) => running.has(role)));
}

async function workersOf(running: RunningStack, signal: AbortSignal): Promise<readonly Worker[]> {
  const found = serversOf(running.stack).flatMap(({ provider, server }) => {
    const container = running.running.get(server.role)?.name;
    if (provider.worker === undefined || container === undefined) return [];
    return [{ probe: provider.probe, tools: provider.worker, server, container }];
  });
  return await Promise.all(
    found.map(async ({ probe, tools, server, container }): Promise<Worker> => {
      const worker = { role: server.role, container };
      const { at, fields } = server.probes[0];
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
      try {
        await using address = await running.reach(at, limit);
        const { ok, reply } = await probe.ask({ fields, address, timeoutMilliseconds, signal });
        const info = await tools.info({ address, signal: limit });
        return { ...worker, info, ...(ok ? {} : { away: reply }) };
      } catch (cause) {
        if (signal.aborted) throw cause;
        return { ...worker, away: cause instanceof Error ? cause.message : String(cause) };
      }
    }),
  );
}
