import type { LeftOut } from '../../app/left-out.ts';
import { createProber, slowness } from '../../app/run-probe.ts';
import type { Prober } from '../../core/probes/probe.ts';
import type { Inspect } from '../../platform/docker/container-probe.ts';
import type { ObservedContainer } from '../../platform/docker/snapshot.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Probe, ResolvedContainer } from '../../stack/model.ts';
import { asConsequence } from './consequence.ts';
import { type CheckHealth, type CheckToMake, type KeptAnswers, makeCheck } from './make-check.ts';

/** The shape of `arc health --json`. */
export type HealthReport = {
  /** Nothing that is known is bad. What is not known counts neither way. */
  healthy: boolean;
  containers: readonly (ContainerHealth & {
    /** Parts of its configuration that have changed since it was created: see made-otherwise.ts. */
    changed: readonly string[];
  })[];
  checks: readonly CheckHealth[];
  /** Containers that are not there because of their flavour. */
  leftOut: readonly LeftOut[];
};

/** The answers, before arc compares how each container was created. */
export type Examination = Omit<HealthReport, 'containers' | 'leftOut'> & {
  containers: readonly ContainerHealth[];
};

export type ContainerHealth = {
  role: string;
  name: string;
  /** State on the Engine, or `absent`. */
  state: string;
  ok: boolean;
  /** The question, if one was asked. */
  question?: string;
  reply: string;
  milliseconds: number;
  /** The Engine's own result if it differs: Docker and Compose see the container that way. */
  engine?: { status: 'healthy' | 'unhealthy'; lastOutput: string };
  /** The running flavour of a container that has several. */
  flavour?: { name: string; because: string };
};

/** Probes every container and runs every check at the same time, because none depends on another. */
export async function examineHealth(options: {
  containers: readonly ResolvedContainer[];
  checks: readonly CheckToMake[];
  /** Asks slow checks anew. */
  deep: boolean;
  answers: KeptAnswers;
  /** The project's containers on the Engine, by role. */
  there: ReadonlyMap<string, ObservedContainer>;
  inspect: Inspect;
  reach: Platform['reach'];
  /** Authorities that are believed beside those of this machine, as PEM. */
  believed?: readonly string[];
  /** For each question that is not slow. */
  timeoutMilliseconds: number;
  signal: AbortSignal;
}): Promise<Examination> {
  const { containers, there, deep, answers, timeoutMilliseconds, signal } = options;
  const prober = createProber(options);
  const now = (): Date => new Date();
  const ask = (probe: Probe): ReturnType<Prober<Probe>> => prober({ probe, timeoutMilliseconds, signal });
  const [readiness, answered] = await Promise.all([
    Promise.all(
      containers.map((container) => askContainer({ container, there, ask, inspect: options.inspect })),
    ),
    Promise.all(
      options.checks.map(async (toMake) => ({
        toMake,
        made: await makeCheck({
          ...toMake,
          ...{ there, prober, slow: slowness, answers, deep, now, timeoutMilliseconds, signal },
        }),
      })),
    ),
  ]);
  const checks = answered.map((one) => asConsequence({ ...one, containers: readiness }));
  return {
    healthy: readiness.every(({ ok }) => ok) && checks.every(({ outcome }) => outcome !== 'failed'),
    containers: readiness,
    checks,
  };
}

type Ask = (probe: Probe) => ReturnType<Prober<Probe>>;

async function askContainer(options: {
  container: ResolvedContainer;
  there: ReadonlyMap<string, ObservedContainer>;
  ask: Ask;
  inspect: Inspect;
}): Promise<ContainerHealth> {
  const { container, inspect } = options;
  const { role, name, health } = container;
  const observed = options.there.get(role);
  const answered = (
    state: string,
    ok: boolean,
    reply: string,
    asked: { question?: string; milliseconds: number } = { milliseconds: 0 },
  ): ContainerHealth => ({
    role,
    name,
    state,
    ok,
    ...asked,
    reply,
    ...(observed?.flavour === undefined ? {} : { flavour: observed.flavour }),
  });
  if (observed === undefined) return answered('absent', false, 'there is no such container; run `arc up`');
  // The Engine's list shows a job as running for a moment after reporting its end; an inspection does not.
  const current =
    health.kind === 'exit' && observed.state === 'running' ? await inspect({ name }) : undefined;
  const state = current?.state ?? observed.state;
  const exitCode = state === 'running' ? undefined : (current?.exitCode ?? observed.exitCode);
  if (health.kind === 'exit') {
    const done = state === 'exited' && exitCode === 0;
    return answered(state, done, done ? 'completed' : `has not completed (exit code ${exitCode ?? 'none'})`);
  }
  if (state !== 'running')
    return answered(
      state,
      false,
      exitCode === undefined ? `is ${state}` : `is ${state}, exit code ${exitCode}`,
    );
  const [{ ok, question, reply, milliseconds }, seen] = await Promise.all([
    options.ask(health.probe),
    inspect({ name }),
  ]);
  const engine = otherVerdict(seen?.health, ok);
  return {
    ...answered(state, ok, reply, { question, milliseconds }),
    ...(engine === undefined ? {} : { engine }),
  };
}

/** arc probes from the host, the Engine inside the container. The Engine has no result before its first check. */
function otherVerdict(
  health: NonNullable<Awaited<ReturnType<Inspect>>>['health'],
  ok: boolean,
): ContainerHealth['engine'] {
  if (health === undefined || health.status === 'starting' || (health.status === 'healthy') === ok)
    return undefined;
  return { status: health.status, lastOutput: health.lastOutput };
}
