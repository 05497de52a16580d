import { defined } from '../core/defined.ts';
import { ArcError, exitStatus, type Problem } from '../core/errors.ts';
import { letOthersRun } from '../core/turns.ts';
import type { ImagesLock } from '../images/lock/model.ts';
import { readLock } from '../images/lock/read.ts';
import type { Manifests } from '../manifest/model.ts';
import type { EngineConnection } from '../platform/docker/connection.ts';
import type { Engine } from '../platform/docker/engine.ts';
import { explainLoss } from '../platform/docker/ssh/failure.ts';
import type { Stack } from '../stack/model.ts';
import type { Home } from '../stack/owner.ts';
import { readHome } from '../workspace/identity.ts';
import { loadBareStack, loadWorkspace, type Resolve, type Workspace } from '../workspace/load.ts';
import { type BegunConnection, beginConnection, meanwhile } from './begin-connection.ts';
import { choosePorts } from './choose-ports.ts';
import type { Context } from './context.ts';
import { resolverOnEngine } from './load-stack.ts';
import { type ImageOptions, parseAssignments, parseFlavours, type SelectionOptions } from './request.ts';

/** A workspace as it was read, and a stack of it. */
export type Opened = {
  workspace: Workspace;
  /** Absolute path of the workspace. */
  root: string;
  manifests: Manifests;
  stack: Stack;
  of: Opening['of'];
  /** For stack-among.ts: the same stack, beside other containers. */
  resolve: Resolve;
};

/** Like {@link Opened}, but without containers if the manifests cannot be read. */
export type Running = Opened | (Pick<Opened, 'root' | 'stack'> & { manifests: undefined });

/** Everything that a plan needs, except the Engine. */
export type Site = Opened & {
  home: Home;
  /** The workspace's files as they were read. */
  files: Workspace['files'];
  /** Settings that were given as flags. */
  set: readonly string[];
  imagesLock: ImagesLock;
};

/** A workspace and an Engine, the input of a plan. */
export type Place = Site & { connection: EngineConnection };

type Request = SelectionOptions & Pick<ImageOptions, 'flavour'>;

/** How a workspace is opened. */
type Opening = {
  context: Context;
  request: Request;
  /**
   * Which containers the stack has. `selection`: the named ones, or the default profile. `everything`: every service,
   * for commands that look at what runs and boot nothing.
   */
  of: 'selection' | 'everything';
  /** Without config files, mounted folders and certificates, for commands that need none of them. */
  withoutFiles?: boolean;
  /** With `offset: auto`: chosen and kept, or only found out, where none were chosen before. */
  ports?: 'choose' | 'foresee';
};

/**
 * The workspace and a stack of it. From here on, output hides its secrets.
 *
 * @throws ArcError if a container that was named cannot run; one that merely belongs to what was named is left out
 */
export async function openStack({ context, request, of, ports, withoutFiles }: Opening): Promise<Opened> {
  await letOthersRun();
  const found = await loadWorkspace({ cwd: context.cwd });
  await letOthersRun();
  const workspace =
    ports === undefined ? found : await choosePorts({ context, workspace: found, keep: ports === 'choose' });
  const { root, manifests } = workspace;
  const everything = { selection: manifests.services.map(({ role }) => role), without: [] };
  const resolve = await resolverOnEngine({
    context,
    workspace,
    request: {
      ...(of === 'everything' ? everything : { selection: request.selection, without: request.without }),
      settings: parseAssignments(request.set),
      flavours: parseFlavours(request.flavour),
      ...defined({ withoutFiles }),
    },
  });
  const stack = resolve();
  context.protect(stack.secrets);
  if (of === 'selection') refuseNamed(stack);
  return { workspace, root, manifests, stack, of, resolve };
}

function refuseNamed(stack: Stack): void {
  const named = stack.refused.filter(({ role }) => stack.selection.includes(role));
  const [first, ...rest] = (stack.containers.length === 0 ? stack.refused : named).map(
    ({ problem }) => problem,
  );
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
}

/**
 * Every service, for commands that can work with the labels of running containers. A broken manifest must not keep
 * people from reading a log or stopping a container, so it is only a warning.
 *
 * @throws ArcError if there is no workspace, or arc.yaml itself is broken, which says which project is meant
 */
export async function openRunning(
  options: Pick<Opening, 'context' | 'request' | 'withoutFiles'>,
): Promise<Running> {
  const { context, request } = options;
  try {
    return await openStack({ ...options, of: 'everything' });
  } catch (error) {
    const broken =
      error instanceof ArcError && error.status === exitStatus.invalid && request.set.length === 0;
    const bare = broken
      ? await loadBareStack({ cwd: context.cwd, environment: context.environment })
      : undefined;
    if (!broken || bare === undefined) throw error;
    context.protect(bare.stack.secrets);
    context.emit({ type: 'warning', problem: manifestsBroken(error) });
    return { ...bare, manifests: undefined };
  }
}

function manifestsBroken({ problems }: ArcError): Problem {
  const [first] = problems;
  const more = problems.length === 1 ? '' : `, and ${problems.length - 1} more`;
  return {
    code: 'manifests-broken',
    message: `The manifests are not valid (${first.message}${more}), so arc uses the labels of the existing containers.`,
    suggestion: '`arc validate` shows all problems',
    ...(first.location === undefined ? {} : { location: first.location }),
  };
}

/** Runs `use` with an Engine, and lets go of it afterwards. */
export async function withEngine<Result>(options: {
  context: Context;
  begun?: BegunConnection;
  use: (engine: Engine, connection: EngineConnection) => Promise<Result>;
}): Promise<Result> {
  const { begun = beginConnection(options.context) } = options;
  const connection = await begun.connected();
  try {
    return await options.use(connection.engine, connection);
  } catch (error) {
    throw await explainLoss(error, connection.ssh);
  } finally {
    connection.close();
  }
}

/** Like {@link openStack} with the named containers, plus the rest of the workspace that a plan needs. */
export async function openSite(options: Omit<Opening, 'of'>): Promise<Site> {
  const opened = await openStack({ ...options, of: 'selection' });
  const { root, workspace } = opened;
  const [home, imagesLock] = [readHome({ root }), await readLock({ root })];
  return { ...opened, files: workspace.files, home, set: options.request.set, imagesLock };
}

/** Runs `use` with a workspace and an Engine, for commands that only read; see stack-among.ts for what they have in common. */
export async function openPlace<Result>(
  options: Omit<Opening, 'of'> & { use: (place: Place) => Promise<Result> },
): Promise<Result> {
  const { context, use } = options;
  const begun = beginConnection({ ...context, ahead: true });
  const site = await meanwhile(begun, () => openSite(options));
  return withEngine({
    ...{ context, begun },
    use: (_, connection) => use({ ...site, connection }),
  });
}
