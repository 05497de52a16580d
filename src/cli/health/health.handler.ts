import { namedRoles } from '../../app/chosen-roles.ts';
import { asItRuns } from '../../app/images-in-use.ts';
import { leftOutOf } from '../../app/left-out.ts';
import { providers } from '../../app/providers.ts';
import type { SelectionOptions } from '../../app/request.ts';
import { type Opened, openStack, withEngine } from '../../app/session.ts';
import { stackAmong } from '../../app/stack-among.ts';
import { systemClock } from '../../core/clock.ts';
import { ArcError, type ExitStatus, exitStatus, failed } from '../../core/errors.ts';
import type { EngineConnection } from '../../platform/docker/connection.ts';
import type { Engine } from '../../platform/docker/engine.ts';
import { observe } from '../../platform/docker/observe.ts';
import { ownContainers } from '../../platform/docker/orphans.ts';
import { dockerReach } from '../../platform/docker/reach.ts';
import type { ObservedContainer } from '../../platform/docker/snapshot.ts';
import type { BootableStack, ResolvedCheck, ResolvedContainer } from '../../stack/model.ts';
import { keptAuthority } from '../../workspace/authority/store.ts';
import { keepAnswer, readKeptAnswer } from '../../workspace/kept-answers.ts';
import { asEdited, planRuntimeConfig } from '../../workspace/runtime-config.ts';
import type { Cli, Handler } from '../cli.ts';
import { examineHealth, type HealthReport } from './examine.ts';
import { expectedRoles } from './expected.ts';
import { madeOtherwise } from './made-otherwise.ts';
import type { KeptAnswers } from './make-check.ts';
import { healthText } from './report.ts';

type HealthOptions = SelectionOptions & {
  watch?: boolean;
  /** Milliseconds, both. */
  interval: number;
  timeout: number;
  shallow?: boolean;
  deep?: boolean;
};

/**
 * Readiness of each container, then the deep checks of its service. Without a selection it looks at what runs; what
 * is named must run.
 */
export const checkHealth: Handler<HealthOptions> = async (options, cli) => {
  const { interval, timeout: timeoutMilliseconds } = options;
  const opened = await openStack({ context: cli, request: options, of: 'everything' });
  const { manifests } = opened;
  if (options.watch === true) cli.endsWithReader();
  const named = namedRoles({ manifests, ...options });
  const { selection } = options;
  return withEngine({
    context: cli,
    use: async (engine, connection) => {
      const round = (): Promise<ExitStatus> =>
        oneRound({
          cli,
          engine,
          connection,
          opened,
          named,
          selection,
          timeoutMilliseconds,
          depth: options.shallow === true ? 'readiness' : options.deep === true ? 'anew' : 'checks',
        });
      let status = await round();
      while (options.watch === true && !cli.signal.aborted) {
        await systemClock.sleep(interval, cli.signal);
        if (!cli.signal.aborted) status = await round();
      }
      return status;
    },
  });
};

/** Whether a running container needs one that no longer exists. */
function isMissed(role: string, there: ReadonlyMap<string, ObservedContainer>): boolean {
  return [...there.values()].some(
    ({ state, dependsOn }) => state === 'running' && dependsOn.includes(role) && !there.has(role),
  );
}

/** The checks of the examined containers, and those of others that are about them: egress is checked through the server. */
function checksOf(options: {
  stack: BootableStack;
  examined: ReadonlySet<string>;
}): { service: string; check: ResolvedCheck; hint: string | undefined }[] {
  const { stack, examined } = options;
  return stack.containers.flatMap((container) => {
    const { role, service, checks } = container;
    return checks
      .filter(({ needs }) => examined.has(role) || needs.some((need) => examined.has(need)))
      .map((check) => ({ service, check, hint: hintFor({ check, container }) }));
  });
}

function hintFor(options: { check: ResolvedCheck; container: ResolvedContainer }): string | undefined {
  const { check, container } = options;
  const { probe } = check;
  if (probe.at === undefined) return undefined;
  const provider = providers.find((one) => one.probe.kind === probe.kind);
  return provider?.hint?.({ fields: probe.fields, container });
}

/** An answer that cannot be kept is told all the same. */
function answersIn({ cli, root }: { cli: Cli; root: string }): KeptAnswers {
  return {
    read: (name) => readKeptAnswer({ root, ...name }),
    keep: (name, kept) => {
      try {
        keepAnswer({ root, ...name, kept });
      } catch (error) {
        if (!(error instanceof ArcError)) throw error;
        for (const problem of error.problems) cli.emit({ type: 'warning', problem });
      }
    },
  };
}

async function oneRound(options: {
  cli: Cli;
  engine: Engine;
  connection: EngineConnection;
  opened: Opened;
  named: ReadonlySet<string> | undefined;
  /** As typed. */
  selection: readonly string[];
  timeoutMilliseconds: number;
  /** `anew`: slow checks, too. */
  depth: 'readiness' | 'checks' | 'anew';
}): Promise<ExitStatus> {
  const { cli, engine, connection, opened, named, depth } = options;
  const { root } = opened;
  const snapshot = await observe({ engine, project: opened.stack.project, stack: opened.stack });
  const there = new Map(ownContainers(snapshot).map((container) => [container.role, container]));
  const stack = stackAmong({ opened, there: new Set(there.keys()) });
  if (there.size === 0)
    throw failed({
      code: 'nothing-runs',
      message: `Nothing of ${stack.project} runs.`,
      suggestion: 'run `arc up`',
    });
  const runs = asItRuns({ stack, snapshot });
  const expected =
    named && expectedRoles({ containers: runs.containers, selection: options.selection, named, there });
  const examined = runs.containers.filter(({ role }) =>
    expected === undefined
      ? there.has(role) || isMissed(role, there)
      : expected.has(role) || (named?.has(role) && isMissed(role, there)),
  );
  for (const { role, problem } of stack.closed ?? [])
    if (there.has(role)) cli.emit({ type: 'warning', problem });
  const examination = await examineHealth({
    containers: examined,
    checks:
      depth === 'readiness'
        ? []
        : checksOf({ stack: runs, examined: new Set(examined.map(({ role }) => role)) }),
    deep: depth === 'anew',
    answers: answersIn({ cli, root }),
    there,
    inspect: engine.inspectContainer,
    // Uses the ports of the running containers: an `arc up` that changes host ports may not have run yet.
    reach: dockerReach({ engine, connection, stack: runs, observed: snapshot.containers }),
    believed: keptAuthority(root),
    timeoutMilliseconds: options.timeoutMilliseconds,
    signal: cli.signal,
  });
  const edited = asEdited({ stack: runs, files: await planRuntimeConfig({ root, stack: runs }) });
  const changed = madeOtherwise({ stack: edited, snapshot, root });
  const report: HealthReport = {
    ...examination,
    containers: examination.containers.map((one) => ({ ...one, changed: changed.get(one.role) ?? [] })),
    leftOut: leftOutOf({ stack, snapshot }).filter(({ role }) => named?.has(role) ?? true),
  };
  cli.result({ data: report, text: () => healthText({ report, columns: cli.columns }) });
  return report.healthy ? exitStatus.done : exitStatus.failed;
}
