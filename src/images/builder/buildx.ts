import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homeFolder } from '../../host/home.ts';
import { findProgram, isExecutable } from '../../host/system.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where Docker looks for plugins that all users share (docker/cli, cli-plugins/manager/manager_unix.go). */
const systemFolders = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
];

/**
 * Path of buildx: the plugin that the `docker` command would find, or a separate program. arc calls it directly:
 * `docker buildx` asks every plugin for its name first, and would be one more process between arc and the one to
 * interrupt.
 */
export function findBuildx(environment: Environment): string | undefined {
  const config = environment.DOCKER_CONFIG || join(homeFolder(environment), '.docker');
  const folders = [join(config, 'cli-plugins'), ...extraFolders(config), ...systemFolders];
  return (
    folders.map((folder) => join(folder, 'docker-buildx')).find(isExecutable) ??
    findProgram('docker-buildx', environment) ??
    findProgram('buildx', environment)
  );
}

/** Further folders for plugins that Docker's configuration names. */
function extraFolders(config: string): readonly string[] {
  try {
    const text = readFileSync(join(config, 'config.json'), 'utf8');
    const { cliPluginsExtraDirs = [] } = JSON.parse(text) as { cliPluginsExtraDirs?: readonly string[] };
    return cliPluginsExtraDirs;
  } catch {
    // A missing configuration is normal; the code that reads logins from it reports errors.
    return [];
  }
}
