import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { exitStatus } from '../../core/errors.ts';
import { readOrigin } from '../../git/remote.ts';
import { readBuiltin, withDependencies } from '../../scaffold/builtin.ts';
import { lines, newWorkspace } from '../../scaffold/new-workspace.ts';
import { checkNewFolder, writeWorkspace } from '../../scaffold/write-workspace.ts';
import type { Handler } from '../cli.ts';
import { gatherChoices, type InitFlags } from './answers.ts';

/** Looks at the folder before it asks anything, and writes only when everything is known. */
export const initialise: Handler<InitFlags & { dir: string }> = async (options, cli) => {
  const root = resolve(cli.cwd, options.dir);
  checkNewFolder(root);
  const builtin = await readBuiltin();
  // A folder that is not there yet may come to be in a repository that is.
  const origin = await readOrigin({ root: existsSync(root) ? root : cli.cwd, signal: cli.signal });
  const choices = await gatherChoices({ flags: options, builtin, root, origin, cli });
  const files = newWorkspace({ builtin, choices });
  await writeWorkspace({ root, files, lines });
  const services = withDependencies(builtin.manifests, choices.services).map(({ role }) => role);
  const next = nextCommand(cli.cwd, root, builtin.manifests.workspace.default_profile);
  cli.result({
    data: {
      root,
      project: choices.project,
      images: choices.images,
      services,
      files: [...files.keys(), ...lines.keys()],
      next,
    },
    text: () =>
      `Created the workspace ${choices.project} with ${services.join(', ')} in ${root}.\nIts images are in ${choices.images}.\nNext:\n  ${next}`,
  });
  return exitStatus.done;
};

function nextCommand(cwd: string, root: string, profile: string): string {
  const way = relative(cwd, root);
  const folder = way.startsWith('..') ? root : way;
  return way === '' ? `arc up ${profile}` : `cd ${folder} && arc up ${profile}`;
}
