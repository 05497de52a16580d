import { connectEngine, type EngineConnection } from '../engine/connect.ts';
import { dockerEngine } from '../engine/docker-engine.ts';
import type { Engine } from '../engine/engine.ts';
import { ArcError, exitStatus } from '../errors.ts';
import type { ResolvedStack } from '../stack/model.ts';
import { selectedRoles } from '../stack/selection.ts';
import { loadStack, loadWorkspace, type Workspace } from '../workspace/load.ts';
import { type ImageOptions, parseFlavours } from './boot-options.ts';
import type { Cli } from './cli.ts';
import { parseAssignments, type SelectionOptions } from './selection-options.ts';

const connectMilliseconds = 5_000;

/**
 * The workspace and the stack that was asked for; its secrets are kept out of all output from here on.
 *
 * @throws ArcError where a container that was named cannot run; one that merely belongs to what was named is left out
 */
export async function openStack(options: {
  cli: Cli;
  request: SelectionOptions & Pick<ImageOptions, 'flavour'>;
}): Promise<{ workspace: Workspace; stack: ResolvedStack }> {
  const { cli, request } = options;
  const workspace = await loadWorkspace({ cwd: cli.cwd });
  const stack = await loadStack({
    workspace,
    request: {
      selection: request.selection,
      without: request.without,
      settings: parseAssignments(request.set),
      flavours: parseFlavours(request.flavour),
    },
    environment: cli.environment,
  });
  cli.protect(stack.secrets);
  refuseNamed(stack);
  return { workspace, stack };
}

function refuseNamed(stack: ResolvedStack): void {
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
  cli: Cli;
  request: SelectionOptions & Pick<ImageOptions, 'flavour'>;
}): Promise<{ workspace: Workspace; stack: ResolvedStack; named: ReadonlySet<string> | undefined }> {
  const { cli, request } = options;
  const workspace = await loadWorkspace({ cwd: cli.cwd });
  const { manifests } = workspace;
  const stack = await loadStack({
    workspace,
    request: {
      selection: manifests.services.map(({ role }) => role),
      without: [],
      settings: parseAssignments(request.set),
      flavours: parseFlavours(request.flavour),
    },
    environment: cli.environment,
  });
  cli.protect(stack.secrets);
  const named =
    request.selection.length === 0 && request.without.length === 0
      ? undefined
      : selectedRoles({ manifests, selection: request.selection, without: request.without });
  return { workspace, stack, named };
}

/** Runs `use` with an Engine, and lets go of it afterwards. */
export async function withEngine<Result>(options: {
  cli: Cli;
  use: (engine: Engine, connection: EngineConnection) => Promise<Result>;
}): Promise<Result> {
  const connection = await connectEngine({
    environment: options.cli.environment,
    deadlineMilliseconds: connectMilliseconds,
  });
  try {
    return await options.use(dockerEngine(connection.docker), connection);
  } finally {
    connection.close();
  }
}
