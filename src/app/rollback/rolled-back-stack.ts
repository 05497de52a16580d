import { failed } from '../../core/errors.ts';
import { releaseReference } from '../../images/installed-release.ts';
import { ownFlavour } from '../../manifest/flavours.ts';
import type { Snapshot } from '../../platform/docker/snapshot.ts';
import type { Repository } from '../../registry/model.ts';
import { parseReference, repositoryName } from '../../registry/reference.ts';
import type { ReleasedSet } from '../../release/released-set.ts';
import type { BootableStack, DescribedContainer, Stack } from '../../stack/model.ts';
import { reduceStack } from '../../stack/reduce.ts';
import { containerOf } from '../images-in-use.ts';

/**
 * The stack without those containers of the service that never ran here in the released flavour: there is neither a
 * container nor a wrapper (after `arc up --partial`), or the container has another flavour and stays. The wrapper also
 * identifies a container that an interrupted rollback removed.
 *
 * @throws ArcError `nothing-to-roll-back` if it has had none of them
 */
export function presentStack<Present extends Stack | BootableStack>(options: {
  service: string;
  stack: Present;
  snapshot: Snapshot;
}): Present {
  const { service, stack, snapshot } = options;
  const own = containersOf({ service, stack });
  const absent = own.filter(({ role, image }) => {
    const container = containerOf({ role, snapshot });
    return container === undefined
      ? snapshot.images[image.reference] === undefined
      : container.flavour !== undefined && container.flavour.name !== ownFlavour;
  });
  if (absent.length === own.length)
    throw failed({
      code: 'nothing-to-roll-back',
      message: `${service} has never run here, so there is nothing to roll back.`,
      suggestion: `arc up ${service}`,
    });
  return reduceStack({ stack, absent: new Set(absent.map(({ role }) => role)) }).stack;
}

/** The stack with the images of a release in place of the service's wrappers, and nothing else about it changed. */
export function rolledBackStack<RolledBack extends Stack | BootableStack>(options: {
  service: string;
  stack: RolledBack;
  release: ReleasedSet;
}): RolledBack {
  const { service, stack, release } = options;
  const digests = new Map(
    release.images.map(({ repository, digest }) => [repositoryName(repository), digest]),
  );
  const containers = stack.containers.map((container) => {
    const { reference: wrapper } = container.image;
    const digest = digests.get(repositoryName(parseReference(wrapper)));
    if (container.service !== service || digest === undefined) return container;
    return { ...container, image: { ...container.image, reference: releaseReference({ wrapper, digest }) } };
  });
  return { ...stack, containers };
}

export function containersOf(options: {
  service: string;
  stack: Pick<Stack, 'containers'>;
}): readonly DescribedContainer[] {
  return options.stack.containers.filter(({ service }) => service === options.service);
}

/** Roles of existing dependencies, which a rollback does not change. */
export function bystanders(options: {
  service: string;
  stack: Pick<Stack, 'containers'>;
  snapshot: Snapshot;
}): ReadonlySet<string> {
  const { service, stack, snapshot } = options;
  const others = stack.containers.filter((container) => container.service !== service);
  return new Set(
    others.map(({ role }) => role).filter((role) => containerOf({ role, snapshot }) !== undefined),
  );
}

/** The repositories of the containers' images, each once: a job runs its service's image. */
export function repositoriesOf(containers: readonly DescribedContainer[]): readonly Repository[] {
  const repositories = new Map<string, Repository>();
  for (const { image } of containers) {
    const { registry, repository } = parseReference(image.reference);
    repositories.set(`${registry}/${repository}`, { registry, repository });
  }
  return [...repositories.values()];
}
