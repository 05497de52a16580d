import { dirname } from 'node:path';
import { defined } from '../../core/defined.ts';
import type { Stack } from '../../stack/model.ts';
import type { Owner } from '../../stack/owner.ts';
import type { Engine, EngineContainer } from './engine.ts';
import { arcLabels, composeLabels, readList, readParts } from './labels.ts';
import type { ObservedContainer, Snapshot } from './snapshot.ts';

/** Where a container has no label of arc that says so. Docker's own default. */
const usualGraceSeconds = 10;

/**
 * Asks the Engine once, all lists at the same time, for what belongs to the project or has a name that the stack
 * wants to use.
 *
 * @param options.stack whose images are looked up; without it there are none in the snapshot
 * @throws ArcError if the Engine does not answer
 */
export async function observe(options: {
  engine: Engine;
  project: string;
  stack?: Pick<Stack, 'network' | 'containers' | 'volumes'>;
}): Promise<Snapshot> {
  const { engine, project, stack } = options;
  const references = new Set(
    stack?.containers.flatMap(({ image, fallback }) =>
      fallback === undefined ? [image.reference] : [image.reference, fallback.image.reference],
    ),
  );
  const [containers, networks, volumes, images, selinux] = await Promise.all([
    engine.listContainers(),
    engine.listNetworks(),
    engine.listVolumes(),
    engine.findImages([...references]),
    engine.usesSelinux(),
  ]);
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
    ...(selinux ? { selinux } : {}),
    ...(engine.copiesConfig ? { copiesConfig: true } : {}),
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
    } as const),
    parts: readParts(labels[arcLabels.parts]),
    image,
    imageId,
    state,
    // A container keeps the id of its network, and cannot start once that network was made anew.
    networks: networks
      .filter((network) => network.id === '' || network.id === networkIds.get(network.name))
      .map((network) => network.name),
    ...(mounts.length > 0 ? { mounts } : {}),
    dependsOn: readList(labels[arcLabels.dependsOn]),
    graceSeconds: Number(labels[arcLabels.grace] ?? usualGraceSeconds),
  };
}

/**
 * The workspace that something was made from. An older arc and Docker Compose say it with Compose's label alone, which
 * names the service's folder: `<workspace>/services/<name>`.
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

/** Who made a container, where arc did not. */
function maker(labels: Readonly<Record<string, string>>): string | undefined {
  if (labels[arcLabels.project] !== undefined) return undefined;
  const compose = labels[composeLabels.project];
  return compose === undefined ? undefined : `the Docker Compose project "${compose}"`;
}
