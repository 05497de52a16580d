import { dirname } from 'node:path';
import { defined } from '../../core/defined.ts';
import { imagesOf } from '../../stack/bootable.ts';
import type { Stack } from '../../stack/model.ts';
import type { Owner } from '../../stack/owner.ts';
import type { Engine, EngineContainer } from './engine.ts';
import { arcLabels, composeLabels, readList, readParts } from './labels.ts';
import type { ObservedContainer, Snapshot } from './snapshot.ts';

/** The default for a container without arc's label; Docker's own default. */
const usualGraceSeconds = 10;

/** What of a stack is looked up: it may have several flavours of a container. */
type WantedStack = Pick<Stack, 'network' | 'containers' | 'volumes'>;

/**
 * Observes, with all lists requested at the same time, everything on the Engine that belongs to the project or has a
 * name that the stack needs.
 *
 * @param options.stack whose images are looked up; without it there are none in the snapshot
 * @param options.containers as they were a moment ago, where somebody had to ask already
 * @throws ArcError if the Engine does not answer
 */
export async function observe(options: {
  engine: Engine;
  project: string;
  stack?: WantedStack;
  containers?: readonly EngineContainer[];
}): Promise<Snapshot> {
  const { engine, project, stack } = options;
  const references = stack === undefined ? [] : wantedImages(stack);
  const [lists, images] = await Promise.all([listAll(options), engine.findImages(references)]);
  return snapshotOf({ ...lists, project, images, ...(stack && { stack }) });
}

/** What the Engine lists, whosever it is. */
export type EngineLists = Pick<Snapshot, 'selinux' | 'copiesConfig'> & {
  containers: readonly EngineContainer[];
  networks: Awaited<ReturnType<Engine['listNetworks']>>;
  volumes: Awaited<ReturnType<Engine['listVolumes']>>;
};

/**
 * All lists at the same time.
 *
 * @param options.containers as they were a moment ago, where somebody had to ask already
 */
export async function listAll(options: {
  engine: Engine;
  containers?: readonly EngineContainer[];
}): Promise<EngineLists> {
  const { engine } = options;
  const [containers, networks, volumes, selinux] = await Promise.all([
    options.containers ?? engine.listContainers(),
    engine.listNetworks(),
    engine.listVolumes(),
    engine.usesSelinux(),
  ]);
  const { copiesConfig } = engine;
  return { containers, networks, volumes, ...defined({ selinux: selinux || undefined, copiesConfig }) };
}

/** The images of a stack, in every flavour that it still has. */
function wantedImages({ containers }: WantedStack): readonly string[] {
  return [...new Set(containers.flatMap(imagesOf).map(({ reference }) => reference))];
}

/** Of what the Engine lists, what belongs to the project or has a name that the stack wants to use. Pure. */
export function snapshotOf(
  options: EngineLists & Pick<Snapshot, 'project' | 'images'> & { stack?: WantedStack },
): Snapshot {
  const { containers, networks, volumes, selinux, copiesConfig, project, images, stack } = options;
  const existing = new Set<string | undefined>(containers.map(({ name }) => name));
  const wantedContainers = new Set(stack?.containers.map(({ name }) => name));
  const wantedVolumes = new Set(stack?.volumes.map(({ name }) => name));
  const networkIds = new Map(networks.map(({ name, id }) => [name, id]));
  const isOurs = (labels: Readonly<Record<string, string>>): boolean => labels[arcLabels.project] === project;
  return {
    project,
    containers: containers
      .filter(({ name, labels }) => isOurs(labels) || wantedContainers.has(name))
      .map((container) => observeContainer(container, networkIds)),
    networks: networks
      .filter(({ name, labels }) => isOurs(labels) || name === stack?.network)
      .map(({ id, name, driver, labels }) => ({
        id,
        name,
        ...defined({ driver, project: labels[arcLabels.project], owner: ownerOf(labels) }),
      })),
    volumes: volumes
      .filter(({ name, labels }) => isOurs(labels) || wantedVolumes.has(name))
      // Config files belong to their container; those without one were left by an arc that was killed.
      .filter(({ labels }) => !existing.has(labels[arcLabels.configOf]))
      .map(({ name, driver, labels }) => ({
        name,
        ...defined({
          driver,
          project: labels[arcLabels.project],
          role: labels[arcLabels.role],
          owner: ownerOf(labels),
          config: labels[arcLabels.configOf] === undefined ? undefined : true,
        } as const),
      })),
    images,
    ...defined({ selinux, copiesConfig }),
  };
}

function observeContainer(
  container: EngineContainer,
  networkIds: ReadonlyMap<string, string>,
): ObservedContainer {
  const { id, name, labels, image, imageId, state, exitCode, networks, mounts } = container;
  const kind = labels[arcLabels.kind];
  return {
    id,
    name,
    ...defined({
      project: labels[arcLabels.project],
      role: labels[arcLabels.role],
      owner: ownerOf(labels),
      service: labels[arcLabels.service],
      codename: labels[arcLabels.codename],
      kind: kind === 'service' || kind === 'job' ? kind : undefined,
      maker: maker(labels),
      flavour: flavourOf(labels),
      hash: labels[arcLabels.hash],
      booted: labels[arcLabels.booted] === undefined ? undefined : readList(labels[arcLabels.booted]),
      exitCode,
      published: container.published,
      binds: container.binds,
    } as const),
    parts: readParts(labels[arcLabels.parts]),
    image,
    imageId,
    state,
    // A container keeps the id of its network, and cannot start once that network was recreated.
    networks: networks
      .filter((network) => network.id === '' || network.id === networkIds.get(network.name))
      .map((network) => network.name),
    ...(mounts.length > 0 ? { mounts } : {}),
    dependsOn: readList(labels[arcLabels.dependsOn]),
    graceSeconds: Number(labels[arcLabels.grace] ?? usualGraceSeconds),
  };
}

/**
 * The workspace that created an object. An older arc and Docker Compose only set Compose's label, which names the
 * service's folder: `<workspace>/services/<name>`.
 */
function ownerOf(labels: Readonly<Record<string, string>>): Owner | undefined {
  const { [arcLabels.workspaceFolder]: folder, [arcLabels.workspaceHost]: host } = labels;
  const id = labels[arcLabels.workspace];
  if (folder !== undefined) return { folder, ...defined({ id, host }) };
  const serviceFolder = labels[composeLabels.workingFolder];
  if (labels[arcLabels.project] === undefined || serviceFolder === undefined) return undefined;
  return { folder: dirname(dirname(serviceFolder)) };
}

function flavourOf(labels: Readonly<Record<string, string>>): ObservedContainer['flavour'] {
  const name = labels[arcLabels.flavour];
  return name === undefined ? undefined : { name, because: labels[arcLabels.flavourBecause] ?? '' };
}

/** Who created a container, if arc did not. */
function maker(labels: Readonly<Record<string, string>>): string | undefined {
  if (labels[arcLabels.project] !== undefined) return undefined;
  const compose = labels[composeLabels.project];
  return compose === undefined ? undefined : `the Docker Compose project "${compose}"`;
}
