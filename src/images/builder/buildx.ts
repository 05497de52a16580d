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
 * The path of buildx: where the `docker` command would find it, or a program of its own.
 *
 * It is called directly: `docker buildx` asks every plugin for its name first, and
 * would be one more process between arc and what it may have to interrupt.
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
    // No configuration is the usual case; whoever reads logins from it says what is wrong with it.
    return [];
  }
}
