import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import type Docker from 'dockerode';
import { type Attempt, explain, TooSlow, tooOld, unreachable } from './connect-failure.ts';
import { type Endpoint, type Environment, findEndpoints } from './endpoint.ts';
import { readSshAddress } from './ssh/address.ts';
import { noConnection, noEngineThere, noisyShell, type SshTarget } from './ssh/failure.ts';
import type { SshLink } from './ssh/link.ts';
import { openEngineOverSsh } from './ssh/open.ts';
import { unusableAddress } from './unusable-address.ts';

/** An Engine that has answered, and the client that speaks to it. Other rooms get an `EngineConnection`. */
export type DockerConnection = {
  docker: Docker;
  endpoint: Endpoint;
  /** Version of the Engine: `20.10.24`. */
  engineVersion: string;
  /** The API version that `docker` speaks from now on: `1.41`. */
  apiVersion: string;
  /** The way to the Engine's machine, if it is another one reached over SSH. */
  ssh?: SshLink;
  /** Platform of its images: `linux`, `amd64`. */
  os: string;
  architecture: string;
  /** It is not behind a socket of this machine. */
  remote: boolean;
  /** Closes idle connections, so that the process can end. */
  close: () => void;
};

/** Debian 12's Engine 20.10: the oldest that arc is tested against. */
export const oldestApi = '1.41';
/** Docker 29.8: the newest that arc is tested against. A newer Engine is spoken to in this version. */
const newestApi = '1.56';
/** Time limit for the Engine's first answer once ssh has connected; ssh has its own limits. */
const overSshMilliseconds = 15_000;

/**
 * Finds a Docker Engine: DOCKER_HOST, the chosen Docker context, then the system's, rootless, Docker Desktop's and
 * Podman's sockets. An attempt gets half of the time that is left, so that a hung Engine does not hide the next one.
 *
 * @param options.environment usually `process.env`
 * @param options.deadlineMilliseconds for all attempts together
 * @throws ArcError (exit status 4) `no-engine` or `engine-permission` with every attempt and why it failed,
 *   `engine-too-old`, `docker-context-unknown`, `bad-engine-address`, `engine-certificate`; over SSH those of
 *   ssh/failure.ts
 */
export async function connectDocker(options: {
  environment: Environment;
  deadlineMilliseconds: number;
}): Promise<DockerConnection> {
  const end = performance.now() + options.deadlineMilliseconds;
  const endpoints = findEndpoints(options.environment);
  const attempts: Attempt[] = [];
  for (const endpoint of endpoints) {
    const unusable = unusableAddress(endpoint);
    if (unusable !== undefined) throw unusable;
    const limit = Math.max(1, (end - performance.now()) / 2);
    const outcome = endpoint.address.startsWith('ssh:')
      ? await attemptOverSsh(endpoint, options.environment)
      : await attempt({ endpoint, opened: await open(endpoint), limitMilliseconds: limit });
    if ('docker' in outcome) return outcome;
    attempts.push(outcome);
  }
  throw await unreachable(attempts);
}

type Opened = { docker: Docker; close: () => void };

async function attempt(options: {
  endpoint: Endpoint;
  opened: Opened;
  limitMilliseconds: number;
}): Promise<DockerConnection | Attempt> {
  const { endpoint, limitMilliseconds } = options;
  const { docker, close } = options.opened;
  let version: Docker.DockerVersion;
  try {
    version = await withLimit(docker.version(), limitMilliseconds);
  } catch (cause) {
    close();
    return { endpoint, ...explain(cause, limitMilliseconds) };
  }
  if (typeof version?.ApiVersion !== 'string') {
    close();
    return { endpoint, permission: false, reason: 'answers, but is not a Docker Engine' };
  }
  if (compareVersions(version.ApiVersion, oldestApi) < 0) {
    close();
    throw tooOld({ endpoint, engine: version.Version, speaks: version.ApiVersion, needed: oldestApi });
  }
  const apiVersion = speak(version.ApiVersion, version.MinAPIVersion);
  (docker.modem as { version?: string }).version = `v${apiVersion}`;
  return {
    docker,
    endpoint,
    engineVersion: version.Version,
    apiVersion,
    os: version.Os,
    architecture: version.Arch,
    remote: !/^(unix|npipe):/.test(endpoint.address),
    close,
  };
}

async function attemptOverSsh(
  endpoint: Endpoint,
  environment: Environment,
): Promise<DockerConnection | Attempt> {
  const { source, address } = endpoint;
  const ssh = readSshAddress(address);
  // Such an address was refused before.
  if ('wrong' in ssh) return { endpoint, permission: false, reason: ssh.wrong };
  const target: SshTarget = { source, address, ssh };
  const over = await openEngineOverSsh({ address: ssh, environment });
  if ('kind' in over) throw noConnection(target, over);
  const opened = await open({ source, address: `unix://${over.socketPath}` });
  const close = (): void => {
    opened.close();
    over.close();
  };
  const outcome = await attempt({
    endpoint,
    opened: { docker: opened.docker, close },
    limitMilliseconds: overSshMilliseconds,
  });
  if ('docker' in outcome) return { ...outcome, ssh: over.link };
  const [noise, failure] = [over.noise(), over.failure()];
  if (noise !== undefined) throw noisyShell(target, noise);
  throw (failure && noEngineThere(target, failure)) ?? (await unreachable([outcome]));
}

/** The version to speak: the newest that both sides know, or the oldest that a future Engine still takes. */
function speak(engineNewest: string, engineOldest: string | undefined): string {
  const common = compareVersions(engineNewest, newestApi) < 0 ? engineNewest : newestApi;
  return engineOldest && compareVersions(common, engineOldest) < 0 ? engineOldest : common;
}

/** Negative, zero or positive, as `1.9` is older than, the same as or newer than `1.41`. */
export function compareVersions(left: string, right: string): number {
  const [a, b] = [left.split('.').map(Number), right.split('.').map(Number)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

async function open(endpoint: Endpoint): Promise<Opened> {
  const url = new URL(endpoint.address);
  const scheme = url.protocol;
  // Sets every field, because dockerode takes missing ones from the process's own DOCKER_HOST.
  const blank = {
    host: undefined,
    port: undefined,
    socketPath: undefined,
    protocol: 'http',
    pathPrefix: '/',
  };
  const { default: Engine } = await import('dockerode');
  const connect = (settings: object, agent?: Agent) => ({
    docker: new Engine({ ...blank, ...settings, ...(agent ? { agent } : {}) } as Docker.DockerOptions),
    close: () => agent?.destroy(),
  });
  if (scheme === 'unix:' || scheme === 'npipe:') {
    return connect(
      { socketPath: endpoint.address.slice(`${scheme}//`.length) },
      new Agent({ keepAlive: true }),
    );
  }
  const { tls } = endpoint;
  const place = { host: url.hostname, port: url.port || (tls ? 2376 : 2375) };
  if (!tls && scheme !== 'https:') return connect(place, new Agent({ keepAlive: true }));
  const { verify = true, ...certificates } = tls ?? {};
  const agent = new TlsAgent({ keepAlive: true, rejectUnauthorized: verify, ...certificates });
  return connect({ ...place, protocol: 'https' }, agent);
}

async function withLimit<T>(answer: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooSlow()), milliseconds);
  });
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}
