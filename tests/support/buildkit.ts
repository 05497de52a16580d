import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { goToolPath } from '../../scripts/build-go-tool.ts';
import { until } from './until.ts';

/** A real BuildKit, and a buildx that knows it as its builder `arc`. */
export type BuildKit = {
  /** Folder with Docker's configuration; logins may be written to `config.json` in it. */
  dockerConfig: string;
  /** What makes programs use it. */
  environment: { DOCKER_CONFIG: string };
  /** Path of buildx. */
  buildx: string;
  process: ChildProcess;
  /** Ends it and removes all that it kept. */
  close: () => Promise<void>;
};

/** runc is part of docker.io. */
export const buildKitNeeds = ['linux', 'root', 'runc'] as const;

/** Starts a BuildKit with nothing in its cache, in a folder of its own. It uses the network of this process. */
export async function startBuildKit(): Promise<BuildKit> {
  const buildkitd = goToolPath({ name: 'buildkitd', environment: process.env });
  const buildx = goToolPath({ name: 'buildx', environment: process.env });
  const folder = mkdtempSync(join(tmpdir(), 'arc-buildkit-'));
  const dockerConfig = join(folder, 'docker');
  mkdirSync(join(dockerConfig, 'cli-plugins'), { recursive: true });
  copyFileSync(buildx, join(dockerConfig, 'cli-plugins', 'docker-buildx'));
  writeFileSync(join(dockerConfig, 'config.json'), '{}');
  const socket = join(folder, 'buildkitd.sock');
  // Its default configuration is somewhere under /etc, and belongs to the machine.
  writeFileSync(join(folder, 'buildkitd.toml'), '');
  const server = spawn(
    buildkitd,
    [
      ...['--config', join(folder, 'buildkitd.toml'), '--root', join(folder, 'root')],
      ...['--addr', `unix://${socket}`, '--group', '0'],
      ...['--oci-worker=true', '--oci-worker-gc=false', '--containerd-worker=false'],
    ],
    { stdio: 'ignore' },
  );
  const close = async () => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const environment = { DOCKER_CONFIG: dockerConfig };
  const call = (...args: string[]) => execa(buildx, args, { env: environment, timeout: 30_000 });
  try {
    await call('create', '--name', 'arc', '--driver', 'remote', `unix://${socket}`);
    await until({
      what: 'BuildKit that answers',
      ask: async () => {
        if (server.exitCode !== null) throw new Error(`buildkitd ended with status ${server.exitCode}`);
        return (await call('ls', '--format', '{{.Name}} {{.Status}}')).stdout.includes('arc0 running');
      },
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { dockerConfig, environment, buildx, process: server, close };
}
