import type { Plan } from '../core/step.ts';
import { ensurePrerequisites } from '../doctor/ensure.ts';
import type { ImagesLock } from '../images/lock/model.ts';
import { readLock } from '../images/lock/read.ts';
import type { ImageMissing, ImageReady } from '../images/model.ts';
import type { Manifests, WorkspaceManifest } from '../manifest/model.ts';
import type { EngineConnection } from '../platform/docker/connection.ts';
import { findUnreadableData, refuse } from '../platform/docker/data-check.ts';
import type { Execution } from '../platform/docker/execute.ts';
import { guardEngine } from '../platform/docker/lock/guard.ts';
import type { ProjectLock } from '../platform/docker/lock/lock.ts';
import { observe } from '../platform/docker/observe.ts';
import type { Snapshot } from '../platform/docker/snapshot.ts';
import { explainLoss } from '../platform/docker/ssh/failure.ts';
import type { ResolvedContainer, ResolvedStack } from '../stack/model.ts';
import type { Home } from '../stack/owner.ts';
import { throwIfAny } from '../stack/problems.ts';
import { readHome } from '../workspace/identity.ts';
import type { Workspace } from '../workspace/load.ts';
import { closedMounts, openMounts } from '../workspace/mount-rights.ts';
import { asEdited, planRuntimeConfig, warnOfEdits, writeRuntimeConfig } from '../workspace/runtime-config.ts';
import { agreement } from './agreement.ts';
import { carryOut } from './carry-out.ts';
import { configProblems } from './config-problems.ts';
import type { Context } from './context.ts';
import { findDependents } from './dependents.ts';
import { foreseeBuilds } from './foresee-builds.ts';
import { warnOfAdopted } from './left-alone.ts';
import { lockOn } from './lock-on.ts';
import { obtainImages } from './obtain-images.ts';
import { warnOfOrphans } from './orphans.ts';
import type { BootOptions } from './request.ts';
import { openStack } from './session.ts';
import { takeHome } from './take-home.ts';

export type Booted = {
  stack: ResolvedStack;
  plan: Plan;
  execution: Execution;
  images: readonly ImageReady[];
  missing: readonly ImageMissing[];
};

type Planning = (given: {
  stack: ResolvedStack;
  snapshot: Snapshot;
  root: string;
  manifests: Manifests;
  asMade: ReadonlySet<string>;
  dependents: readonly ResolvedContainer[];
}) => Plan;

/** Roles whose containers, and so their config files, stay as they are. */
export type StayAsMade = (given: {
  stack: ResolvedStack;
  snapshot: Snapshot;
  manifests: Manifests;
}) => ReadonlySet<string>;

/**
 * What `up` and `restart` have in common: manifests → stack → prerequisites → images → config files → plan → healthy.
 *
 * @param options.plan makes the plan from the stack that can be booted and what the Engine has
 */
export function boot(options: {
  cli: Context;
  request: BootOptions;
  command: string;
  asMade?: StayAsMade;
  plan: Planning;
}): Promise<Booted> {
  const { cli, request, asMade, plan } = options;
  return onBootSite({
    ...options,
    use: async (found) => {
      const site = await takeHome({ ...options, site: found, stack: found.stack });
      const obtained = await obtainImages({
        cli,
        connection: site.connection,
        stack: site.stack,
        root: site.root,
        workspace: site.manifests.workspace,
        lock: site.imagesLock,
        request,
        yes: request.yes === true,
        partial: request.partial === true,
      });
      const brought = await bringUp({ cli, site, stack: obtained.stack, plan, ...(asMade && { asMade }) });
      return { stack: obtained.stack, ...brought, images: obtained.ready, missing: obtained.missing };
    },
  });
}

/** A machine that is ready for a boot, and what is to be booted. */
export type BootSite = {
  workspace: Workspace;
  /** Absolute path of the workspace. */
  root: string;
  manifests: Manifests;
  home: Home;
  /** The workspace's files as they were read. */
  files: Workspace['files'];
  /** Settings that were given as flags. */
  set: readonly string[];
  stack: ResolvedStack;
  imagesLock: ImagesLock;
  connection: EngineConnection;
  /** The project's, on that Engine. */
  lock: ProjectLock;
  /** One deadline until everything is healthy, images not counted. */
  milliseconds: number;
};

/**
 * The way of everything that boots something up to where images are needed: manifests → stack → lock → prerequisites.
 * The project is this arc's alone until `use` is done.
 */
export async function onBootSite<Result>(options: {
  cli: Context;
  request: BootOptions;
  command: string;
  use: (site: BootSite) => Promise<Result>;
}): Promise<Result> {
  const { cli, request } = options;
  const milliseconds = request.timeout;
  const { workspace, stack } = await openStack({ cli, request, ports: 'choose' });
  const { root, manifests, files } = workspace;
  const imagesLock = await readLock({ root });
  const home = readHome({ root });
  for (const problem of stack.warnings) cli.emit({ type: 'warning', problem });
  for (const { problem } of stack.refused) cli.emit({ type: 'warning', problem });

  let lock: ProjectLock | undefined;
  let connection: EngineConnection | undefined;
  const { project } = stack;
  try {
    connection = await prepare({
      ...{ cli, request, root, workspace: manifests.workspace, stack, imagesLock },
      // Before anything is looked at: ports that another `up` is binding right now are not in the way.
      first: async (opened) => {
        lock ??= await lockOn({ cli, connection: opened, project, command: options.command });
      },
    });
    if (lock === undefined) throw new Error('an Engine that is there has been locked');
    const { set } = request;
    return await options.use({
      ...{ workspace, root, manifests, home, files, set, stack, imagesLock, milliseconds },
      ...{ connection, lock },
    });
  } catch (error) {
    throw await explainLoss(error, connection?.ssh);
  } finally {
    await lock?.[Symbol.asyncDispose]();
    connection?.close();
  }
}

/** The rest of the way, once the images are on the Engine: config files → observe → plan → execute until healthy. */
export async function bringUp(options: {
  cli: Context;
  site: BootSite;
  /** What of the site's stack can be booted. */
  stack: ResolvedStack;
  asMade?: StayAsMade;
  plan: Planning;
  /** Called once nothing is in the way of the plan, before the first change to the Engine. */
  beforeChange?: () => Promise<void>;
}): Promise<{ plan: Plan; execution: Execution }> {
  const { cli } = options;
  const { root, manifests, home, files, connection, lock, milliseconds } = options.site;
  const engine = guardEngine({ engine: connection.engine, lock });
  const snapshot = await observe({ engine, project: options.stack.project, stack: options.stack });
  warnOfOrphans({ cli, snapshot, manifests });
  warnOfAdopted({ cli, stack: options.stack, snapshot });
  const asMade = options.asMade?.({ stack: options.stack, snapshot, manifests }) ?? new Set();
  const configured = options.stack.containers.filter(({ role }) => !asMade.has(role));
  const config = await planRuntimeConfig({ root, stack: { ...options.stack, containers: configured } });
  const stack = asEdited({ stack: options.stack, files: config });
  // Before anything that runs is stopped for it. What nobody has changed since it was written was checked then.
  if (config.some(({ state }) => state !== 'unchanged')) throwIfAny(configProblems({ manifests, files }));
  warnOfEdits({ files: config, emit: cli.emit });
  await writeRuntimeConfig({ root, files: config });
  const closed = closedMounts({ root, stack: { containers: configured } });
  for (const problem of openMounts({ root, closed })) cli.emit({ type: 'warning', problem });
  const { workspace, set } = options.site;
  const dependents = await findDependents({ cli, workspace, set, stack, snapshot });
  const plan = options.plan({ stack, snapshot, root, manifests, asMade, dependents });
  const all = { ...stack, containers: [...stack.containers, ...dependents] };
  // Before anything that runs is stopped for it.
  const findings = await findUnreadableData({ engine, plan, containers: all.containers, snapshot });
  for (const problem of refuse(findings)) cli.emit({ type: 'warning', problem });
  await options.beforeChange?.();
  const execution = await carryOut({
    ...{ cli, engine, connection, snapshot, plan, root, owner: home, stack: all },
    milliseconds,
  });
  return { plan, execution };
}

function prepare(options: {
  cli: Context;
  request: BootOptions;
  root: string;
  workspace: WorkspaceManifest;
  stack: ResolvedStack;
  imagesLock: ImagesLock;
  first: (connection: EngineConnection) => Promise<void>;
}): Promise<EngineConnection> {
  const { cli, request, root, workspace, stack, imagesLock, first } = options;
  const { environment, columns, emit, signal } = cli;
  return ensurePrerequisites({
    workspace: { root, manifest: workspace, stack },
    builds: () => foreseeBuilds({ stack, root, workspace, lock: imagesLock, request, environment }),
    ...agreement({ cli, yes: request.yes === true }),
    first,
    ...{ environment, columns, emit, signal },
  });
}
