import { ArcError, exitStatus, type Problem } from '../errors.ts';
import { lookUpAddress } from '../host/address.ts';
import { parseManifests } from '../manifest/parse.ts';
import type { Manifests } from '../manifest/model.ts';
import type { ResolvedStack } from '../stack/model.ts';
import { resolveStack } from '../stack/resolve.ts';
import { findWorkspace, readWorkspace } from './read.ts';
import { readSecrets } from './secrets.ts';

/** The workspace's files, read once, and what they say. */
export type Workspace = {
  /** Absolute. */
  root: string;
  files: ReadonlyMap<string, string | Uint8Array>;
  manifests: Manifests;
  warnings: readonly Problem[];
};

/** What of the workspace is meant, from flags. */
export type StackRequest = {
  selection: readonly string[];
  without: readonly string[];
  /** Settings given as flags. */
  settings: Readonly<Record<string, string>>;
};

/**
 * Finds the workspace from `cwd` upwards, reads it and parses its manifests.
 *
 * @throws ArcError (exit status 2) with every problem of the manifests at once
 */
export async function loadWorkspace(options: { cwd: string }): Promise<Workspace> {
  const root = await findWorkspace({ cwd: options.cwd });
  const files = await readWorkspace({ root });
  const { manifests, problems, warnings } = parseManifests({ files });
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
  if (manifests === undefined) throw new Error('manifests without problems are always given');
  return { root, files, manifests, warnings };
}

/**
 * Resolves what was asked for into one stack, with the settings and secrets of this machine.
 *
 * @throws ArcError for an unknown selection, a setting's bad value, a secret that a production profile refuses
 */
export async function loadStack(options: {
  workspace: Workspace;
  request: StackRequest;
  environment: Readonly<Record<string, string>>;
}): Promise<ResolvedStack> {
  const { workspace, request, environment } = options;
  const { secrets } = await readSecrets({ root: workspace.root, manifests: workspace.manifests, environment });
  return resolveStack({
    manifests: workspace.manifests,
    templates: templatesOf(workspace.files),
    selection: request.selection,
    without: request.without,
    settings: { environment, flags: request.settings },
    secrets,
    lookedUp: await lookUpAddresses({ manifests: workspace.manifests, environment, flags: request.settings }),
  });
}

/** The templates among the files of a workspace. */
export function templatesOf(files: ReadonlyMap<string, string | Uint8Array>): ReadonlyMap<string, string> {
  return new Map(
    [...files].filter((entry): entry is [string, string] => entry[0].endsWith('.liquid') && typeof entry[1] === 'string'),
  );
}

/** Answers for the address settings that are set to `lan` or `public`. */
async function lookUpAddresses(options: {
  manifests: Manifests;
  environment: Readonly<Record<string, string>>;
  flags: Readonly<Record<string, string>>;
}): Promise<Record<string, { value: string; note: string }>> {
  const found: Record<string, { value: string; note: string }> = {};
  for (const service of options.manifests.services) {
    for (const [name, setting] of Object.entries(service.settings)) {
      if (setting.kind !== 'address') continue;
      const asked =
        options.flags[name] ??
        (setting.env === undefined ? undefined : options.environment[setting.env]) ??
        options.manifests.workspace.settings[name] ??
        setting.default;
      if (asked === 'lan' || asked === 'public') found[name] = await lookUpAddress({ mode: asked });
    }
  }
  return found;
}
