import { ArcError, exitStatus, type Problem } from '../core/errors.ts';
import type { ImagesLock } from '../images/lock/model.ts';
import { readLock } from '../images/lock/read.ts';
import type { Manifests } from '../manifest/model.ts';
import { connectEngine, type EngineConnection } from '../platform/docker/connection.ts';
import type { Engine } from '../platform/docker/engine.ts';
import { explainLoss } from '../platform/docker/ssh/failure.ts';
import type { Stack } from '../stack/model.ts';
import type { Home } from '../stack/owner.ts';
import { selectedRoles } from '../stack/selection.ts';
import { readHome } from '../workspace/identity.ts';
import { loadBareStack, loadWorkspace, type Workspace } from '../workspace/load.ts';
import { choosePorts } from './choose-ports.ts';
import type { Context } from './context.ts';
import { loadStackOnEngine } from './load-stack.ts';
import { type ImageOptions, parseAssignments, parseFlavours, type SelectionOptions } from './request.ts';

/** A workspace and an Engine: what a plan is made of. */
export type Place = {
  workspace: Workspace;
  /** Absolute path of the workspace. */
  root: string;
  manifests: Manifests;
  home: Home;
  /** The workspace's files as they were read. */
  files: Workspace['files'];
  /** Settings that were given as flags. */
  set: readonly string[];
  stack: Stack;
  imagesLock: ImagesLock;
  connection: EngineConnection;
};

const connectMilliseconds = 5_000;

/**
 * The workspace and the stack that was asked for; its secrets are kept out of all output from here on.
 *
 * @param options.ports with `offset: auto`: chosen and kept, or only found out, where none were chosen before
 * @throws ArcError where a container that was named cannot run; one that merely belongs to what was named is left out
 */
export async function openStack(options: {
  context: Context;
  request: SelectionOptions & Pick<ImageOptions, 'flavour'>;
  ports?: 'choose' | 'foresee';
}): Promise<{ workspace: Workspace; stack: Stack }> {
  const { context, request, ports } = options;
  const found = await loadWorkspace({ cwd: context.cwd });
  const workspace =
    ports === undefined ? found : await choosePorts({ context, workspace: found, keep: ports === 'choose' });
  const stack = await loadStackOnEngine({
    context,
    workspace,
    request: {
      selection: request.selection,
      without: request.without,
      settings: parseAssignments(request.set),
      flavours: parseFlavours(request.flavour),
    },
  });
  context.protect(stack.secrets);
  refuseNamed(stack);
  return { workspace, stack };
}

function refuseNamed(stack: Stack): void {
  const named = stack.refused.filter(({ role }) => stack.selection.includes(role));
  const [first, ...rest] = (stack.containers.length === 0 ? stack.refused : named).map(
    ({ problem }) => problem,
  );
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
}

/**
 * The workspace with every service resolved, whatever a profile names, and the roles that were named; for commands
 * that look at what runs instead of booting something. No name means everything.
 */
export async function openEverything(options: {
  context: Context;
  request: SelectionOptions & Pick<ImageOptions, 'flavour'>;
}): Promise<{ workspace: Workspace; stack: Stack; named: ReadonlySet<string> | undefined }> {
  const { context, request } = options;
  const workspace = await loadWorkspace({ cwd: context.cwd });
  const { manifests } = workspace;
  const stack = await loadStackOnEngine({
    context,
    workspace,
    request: {
      selection: manifests.services.map(({ role }) => role),
      without: [],
      settings: parseAssignments(request.set),
      flavours: parseFlavours(request.flavour),
    },
  });
  context.protect(stack.secrets);
  const named =
    request.selection.length === 0 && request.without.length === 0
      ? undefined
      : selectedRoles({ manifests, selection: request.selection, without: request.without });
  return { workspace, stack, named };
}

/** What a command works with that goes by what is there. */
export type Running = {
  /** Absolute path of the workspace. */
  root: string;
  /** None where they cannot be read. */
  manifests: Manifests | undefined;
  /** Every service; without any container where the manifests cannot be read. */
  stack: Stack;
};

/** As {@link openEverything}; what was named is looked up among what is there (chosen-roles.ts). */
export async function openDescribed(options: {
  context: Context;
  request: SelectionOptions & Pick<ImageOptions, 'flavour'>;
}): Promise<Running> {
  const request = { ...options.request, selection: [], without: [] };
  const { workspace, stack } = await openEverything({ ...options, request });
  return { root: workspace.root, manifests: workspace.manifests, stack };
}

/**
 * As {@link openDescribed}, for commands that can do their work by the labels of what runs. That somebody has broken a
 * manifest is no reason not to show a log or to stop something: it is a warning.
 *
 * @throws ArcError where there is no workspace, or arc.yaml itself is broken, which says which project is meant
 */
export async function openRunning(options: {
  context: Context;
  request: SelectionOptions & Pick<ImageOptions, 'flavour'>;
}): Promise<Running> {
  const { context, request } = options;
  try {
    return await openDescribed(options);
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
    suggestion: '`arc validate` shows all that is wrong',
    ...(first.location === undefined ? {} : { location: first.location }),
  };
}

/** Runs `use` with an Engine, and lets go of it afterwards. */
export async function withEngine<Result>(options: {
  context: Context;
  use: (engine: Engine, connection: EngineConnection) => Promise<Result>;
}): Promise<Result> {
  const connection = await connectEngine({
    environment: options.context.environment,
    deadlineMilliseconds: connectMilliseconds,
  });
  try {
    return await options.use(connection.engine, connection);
  } catch (error) {
    throw await explainLoss(error, connection.ssh);
  } finally {
    connection.close();
  }
}

/** Runs `use` with a workspace and an Engine, for what looks and changes nothing. */
export async function openPlace<Result>(options: {
  context: Context;
  request: SelectionOptions & Pick<ImageOptions, 'flavour'>;
  ports?: Parameters<typeof openStack>[0]['ports'];
  use: (place: Place) => Promise<Result>;
}): Promise<Result> {
  const { context, request, ports, use } = options;
  const { workspace, stack } = await openStack({ context, request, ...(ports && { ports }) });
  const { root, manifests, files } = workspace;
  const imagesLock = await readLock({ root });
  const home = readHome({ root });
  const { set } = request;
  return withEngine({
    context,
    use: (_, connection) =>
      use({ workspace, root, manifests, files, home, set, stack, imagesLock, connection }),
  });
}
