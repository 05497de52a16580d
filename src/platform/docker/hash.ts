import { hash } from 'node:crypto';
import { Secret } from '../../core/secret.ts';
import type { ResolvedContainer, ResolvedFolder, ResolvedHealth, ResolvedPort } from '../../stack/model.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * A whole (sha256 in hex, after the version of the scheme) and its parts (the first 16 digits of theirs: they
 * only tell what changed).
 */
export type ContainerHash = { whole: string; parts: Readonly<Record<string, string>> };

/**
 * Version of the hash. Raise it if the same container would get another hash, so that the plan can say `created by
 * another version of arc` instead of a cause that nobody can find. A new optional field needs no new version, because
 * absent fields do not count.
 *
 * 2: containers may not gain privileges, depending on their capabilities (stack/privileges.ts).
 *
 * 3: `image` is the sources of the image, no longer its id.
 */
const scheme = 3;

/** Facts about a container's image. */
export type ImageIdentity = {
  /** Id on the Engine; absent while the Engine does not have it. */
  id: string | undefined;
  /** Its sources, by its labels; absent for an image that arc did not build. */
  madeFrom?: string | undefined;
};

type Hashed = {
  container: ResolvedContainer;
  image: ImageIdentity;
  network: string;
  /** Absolute path of the workspace, for configuration is mounted from there. */
  root: string;
  /** Config files are labelled for containers. */
  selinux?: boolean | undefined;
};

/**
 * Hash of everything that makes a container what it is on the Engine, in parts that a person recognises.
 * Left out is what does not reach the container: descriptions, dependencies, probes and checks.
 */
export function hashContainer(options: Hashed): ContainerHash {
  return hashBy({ ...options, scheme, imagePart: options.image.madeFrom ?? options.image.id ?? 'none' });
}

/**
 * The hash by an earlier scheme, as in a container's label: a container from that time is compared by its own scheme,
 * so a newer arc recreates nothing.
 *
 * @returns nothing for a scheme that is not known
 */
export function hashAsMade(options: Hashed & { made: string | undefined }): ContainerHash | undefined {
  switch (options.made?.split(':')[0]) {
    case '2':
      return hashBy({ ...options, scheme: 2, imagePart: options.image.id ?? 'none' });
    case String(scheme):
      return hashContainer(options);
    default:
      return undefined;
  }
}

function hashBy(options: Hashed & { scheme: number; imagePart: string }): ContainerHash {
  const { container, imagePart, network, root, selinux } = options;
  const contents = {
    image: imagePart,
    name: [container.name, container.role, ...container.aliases],
    command: [container.entrypoint ?? null, container.command ?? null],
    environment: sortedEntries({ ...container.environment, ...secretDigests(container) }),
    config: [
      root,
      ...container.config.map(({ file, target, content }) => [file, target, sha256(content.reveal())]),
      ...container.folders.map((folder) => folderContents(folder, root === '')),
      ...(selinux && container.config.length + container.folders.length > 0 ? ['z'] : []),
    ],
    volumes: [container.volumes.map(({ volume, target }) => [volume, target]), container.tmpfs],
    ports: container.ports.map(portContents),
    network,
    user: [container.user, container.readOnly, container.capAdd],
    resources: sortedEntries(container.resources),
    ...(container.logging === undefined ? {} : { logging: loggingContents(container.logging) }),
    restart: container.restart,
    stop: [container.stop.signal, container.stop.graceSeconds],
    health: healthContents(container.health),
  };
  const parts: Record<string, string> = {};
  let all = '';
  for (const [name, value] of Object.entries(contents)) {
    const digest = sha256(JSON.stringify(value));
    all += `${name}=${digest}\n`;
    parts[name] = digest.slice(0, 16);
  }
  return { whole: `${options.scheme}:${sha256(all)}`, parts };
}

/**
 * The part of the workspace's location that counts: none for an Engine that gets copies of the files, so that two
 * machines with the same files agree.
 */
export function configRoot(options: { snapshot: Pick<Snapshot, 'copiesConfig'>; root: string }): string {
  return options.snapshot.copiesConfig === true ? '' : options.root;
}

/**
 * Names of the different parts, in order.
 *
 * @returns undefined if the two were made by different versions of the scheme, so that parts cannot be compared
 */
export function changedParts(options: {
  before: { hash?: string; parts: Readonly<Record<string, string>> };
  after: ContainerHash;
}): readonly string[] | undefined {
  const { before, after } = options;
  if (before.hash?.split(':')[0] !== after.whole.split(':')[0]) return undefined;
  const names = new Set([...Object.keys(before.parts), ...Object.keys(after.parts)]);
  return [...names].filter((name) => before.parts[name] !== after.parts[name]).sort();
}

/** For a job, only how it runs counts, not how long arc waits for it. */
function healthContents(health: ResolvedHealth): unknown {
  if (health.kind === 'exit') return 'exit';
  if (health.command === undefined) return 'none';
  const { command, intervalSeconds, timeoutSeconds, retries, startPeriodSeconds } = health;
  return [command, intervalSeconds, timeoutSeconds, retries, startPeriodSeconds];
}

/**
 * The program takes in by itself what is reloaded: a changed file there makes no new container, unless the Engine was
 * given the files themselves.
 */
function folderContents({ folder, target, files, reload }: ResolvedFolder, copied: boolean): unknown {
  const contents = files.map(({ file, content }) => [
    file,
    sha256(content instanceof Secret ? content.reveal() : content),
  ]);
  return [folder, target, ...(reload === undefined || copied ? contents : [])];
}

function secretDigests({ secretEnvironment }: ResolvedContainer): Record<string, string> {
  const variables = Object.entries(secretEnvironment?.variables ?? {});
  return Object.fromEntries(variables.map(([name, secret]) => [name, `sha256:${sha256(secret.reveal())}`]));
}

function loggingContents({ driver, options }: NonNullable<ResolvedContainer['logging']>): unknown {
  return [driver, sortedEntries(options)];
}

function portContents({ container, host, protocol, bind }: ResolvedPort): unknown {
  return [container.first, container.last, host.first, host.last, protocol, bind];
}

/** In order of name, so that equal values give equal text; without what is absent. */
function sortedEntries(values: object): unknown {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function sha256(content: string | Uint8Array): string {
  return hash('sha256', content);
}
