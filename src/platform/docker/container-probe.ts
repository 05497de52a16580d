import { ask, type Reply } from '../../core/probes/ask.ts';
import type { Prober } from '../../core/probes/probe.ts';
import type { ContainerProbe } from '../../stack/model.ts';

/** The Engine's facts about a container; undefined if there is none. */
export type Inspect = (options: { name: string }) => Promise<
  | {
      state: string;
      /** Exit code of its last run. */
      exitCode?: number;
      health?: { status: 'starting' | 'healthy' | 'unhealthy'; lastOutput: string };
    }
  | undefined
>;

/** The Engine's own health check; a container without one is healthy while it runs. */
export function containerProber(inspect: Inspect): Prober<ContainerProbe> {
  return ({ probe, timeoutMilliseconds, signal }) =>
    ask({
      question: `health of ${probe.name} by the Engine`,
      timeoutMilliseconds,
      signal,
      run: async () => readHealth(await inspect({ name: probe.name })),
    });
}

function readHealth(seen: Awaited<ReturnType<Inspect>>): Reply {
  if (!seen) return { ok: false, came: 'there is no such container' };
  if (seen.state !== 'running') return { ok: false, came: seen.state };
  if (!seen.health) return { ok: true, came: 'running' };
  const { status, lastOutput } = seen.health;
  const output = lastOutput.split('\n').at(-1)?.trim();
  return { ok: status === 'healthy', came: output && status !== 'healthy' ? `${status}, ${output}` : status };
}
