import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArcError, prerequisite } from '../../core/errors.ts';
import { homeFolder } from '../../host/home.ts';

/** Where an Engine may listen, and how that was found. */
export type Endpoint = {
  /** `DOCKER_HOST`, `Docker context "colima"`, `system socket` … */
  source: string;
  /** `unix:///var/run/docker.sock`, `tcp://10.0.0.5:2376`. */
  address: string;
  tls?: { ca?: string; cert?: string; key?: string; verify: boolean };
};

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether the Engine is behind a socket of this machine. An Engine in a virtual machine, or of another user, is too.
 */
export function isLocal({ address }: Pick<Endpoint, 'address'>): boolean {
  return /^(unix|npipe):/.test(address);
}

/** Whether the first Engine that is tried is behind a socket of this machine. */
export function isEngineHere(environment: Environment): boolean {
  try {
    const [first] = findEndpoints(environment);
    return first !== undefined && isLocal(first);
  } catch (error) {
    // Whoever connects is told what is wrong.
    if (error instanceof ArcError) return false;
    throw error;
  }
}

/** The host that an address over TCP names. */
export function engineHost({ address }: Pick<Endpoint, 'address'>): string {
  return new URL(address).hostname.replace(/^\[(.*)\]$/, '$1');
}

/** One way to find endpoints. If a person chose one, arc tries no other. */
type Strategy = { chosen: boolean; find: (environment: Environment) => readonly Endpoint[] };

const strategies: readonly Strategy[] = [
  { chosen: true, find: dockerHost },
  { chosen: true, find: dockerContext },
  { chosen: false, find: () => [unixSocket('system socket', '/var/run/docker.sock')] },
  {
    chosen: false,
    find: (environment) => [unixSocket('rootless', join(runtimeFolder(environment), 'docker.sock'))],
  },
  { chosen: false, find: dockerDesktop },
  { chosen: false, find: podman },
];

/**
 * The places to look for an Engine, in the order in which they are tried. As with the `docker` command, an endpoint
 * that was chosen (DOCKER_HOST, DOCKER_CONTEXT, `docker context use`) is the only one: another Engine would show
 * other containers.
 */
export function findEndpoints(environment: Environment): readonly Endpoint[] {
  const found: Endpoint[] = [];
  for (const { chosen, find } of strategies) {
    const endpoints = find(environment);
    if (chosen && endpoints.length > 0) return endpoints;
    found.push(...endpoints);
  }
  return found;
}

function dockerHost(environment: Environment): readonly Endpoint[] {
  const host = environment.DOCKER_HOST;
  if (!host) return [];
  // As the `docker` command has it: `localhost:2375` is short for `tcp://localhost:2375`.
  const address = /^[\w.-]+(?::\d+)?$/.test(host) ? `tcp://${host}` : host;
  const folder = environment.DOCKER_CERT_PATH ?? dockerFolder(environment);
  const verify = Boolean(environment.DOCKER_TLS_VERIFY);
  const withTls = verify || Boolean(environment.DOCKER_TLS);
  return [
    { source: 'DOCKER_HOST', address, ...(withTls ? { tls: { ...certificates(folder), verify } } : {}) },
  ];
}

/** Reads the context as the `docker` command keeps it: `contexts/meta/<sha256 of the name>/meta.json`. */
function dockerContext(environment: Environment): readonly Endpoint[] {
  const folder = dockerFolder(environment);
  const name = environment.DOCKER_CONTEXT || currentContext(join(folder, 'config.json'));
  if (!name || name === 'default') return [];
  const id = createHash('sha256').update(name).digest('hex');
  const file = join(folder, 'contexts', 'meta', id, 'meta.json');
  const meta = readJson(file) as ContextMeta | undefined;
  const docker = meta?.Endpoints?.docker;
  if (!docker?.Host) {
    throw prerequisite({
      code: 'docker-context-unknown',
      message: `The Docker context "${name}" is chosen, but it does not exist.`,
      detail: [`looked for ${file}`],
      suggestion: 'choose another one: docker context use default',
    });
  }
  const tls = join(folder, 'contexts', 'tls', id, 'docker');
  return [
    {
      source: `Docker context "${name}"`,
      address: docker.Host,
      ...(existsSync(tls) ? { tls: { ...certificates(tls), verify: docker.SkipTLSVerify !== true } } : {}),
    },
  ];
}

type ContextMeta = { Endpoints?: { docker?: { Host?: string; SkipTLSVerify?: boolean } } };

function currentContext(file: string): string | undefined {
  return (readJson(file) as { currentContext?: string } | undefined)?.currentContext;
}

function dockerDesktop(environment: Environment): readonly Endpoint[] {
  const home = homeFolder(environment);
  return ['run', 'desktop'].map((folder) =>
    unixSocket('Docker Desktop', join(home, '.docker', folder, 'docker.sock')),
  );
}

function podman(environment: Environment): readonly Endpoint[] {
  return [
    unixSocket('Podman', join(runtimeFolder(environment), 'podman', 'podman.sock')),
    unixSocket('Podman', '/run/podman/podman.sock'),
  ];
}

function unixSocket(source: string, path: string): Endpoint {
  return { source, address: `unix://${path}` };
}

function dockerFolder(environment: Environment): string {
  return environment.DOCKER_CONFIG ?? join(homeFolder(environment), '.docker');
}

function runtimeFolder(environment: Environment): string {
  return environment.XDG_RUNTIME_DIR ?? `/run/user/${process.getuid?.() ?? 0}`;
}

function certificates(folder: string): { ca?: string; cert?: string; key?: string } {
  const found: { ca?: string; cert?: string; key?: string } = {};
  for (const part of ['ca', 'cert', 'key'] as const) {
    const file = join(folder, `${part}.pem`);
    if (existsSync(file)) found[part] = readCertificate(file);
  }
  return found;
}

function readCertificate(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw prerequisite(
      {
        code: 'engine-certificate',
        message: `${file} could not be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
        suggestion: `the key and the certificates of the Engine must be yours to read: ls -l ${file}`,
      },
      cause,
    );
  }
}

/** The file's value; undefined if it is absent or not JSON, which the `docker` command ignores as well. */
function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
