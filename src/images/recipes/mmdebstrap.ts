import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { StepContext } from './kind.ts';
import { missingTool, runTool } from './run-tool.ts';

const packages = ['mmdebstrap', 'debian-archive-keyring'];

/** What to do where mmdebstrap is missing. */
export const installMmdebstrap = `On Debian or Ubuntu: apt-get install ${packages.join(' ')}. Other systems cannot build this base.`;

/**
 * Makes sure that mmdebstrap is there; where it is missing, and consent is given, root on Debian or Ubuntu gets it
 * from apt.
 *
 * @throws ArcError `missing-tool` (exit status 4), `recipe-step-failed` (1) where apt fails
 */
export async function ensureMmdebstrap(context: StepContext): Promise<void> {
  if (await onPath('mmdebstrap', context.environment)) return;
  const canInstall = process.getuid?.() === 0 && (await onPath('apt-get', context.environment));
  const command = `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const reason = 'mmdebstrap makes base images of Debian packages, and is not installed.';
  if (!canInstall || !(await context.consent?.({ command, reason }))) {
    throw missingTool('mmdebstrap', installMmdebstrap);
  }
  for (const args of [['update'], command.split(' ').slice(1)]) {
    context.update(`apt-get ${args.join(' ')}`);
    await runTool({
      command: 'apt-get',
      args,
      cwd: context.work,
      environment: { ...context.environment, DEBIAN_FRONTEND: 'noninteractive' },
      signal: context.signal,
      install: installMmdebstrap,
      onLine: (line) => context.update(`apt-get: ${line}`),
    });
  }
}

async function onPath(
  program: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<boolean> {
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = await Promise.allSettled(
    folders.map((folder) => access(join(folder, program), constants.X_OK)),
  );
  return found.some(({ status }) => status === 'fulfilled');
}
