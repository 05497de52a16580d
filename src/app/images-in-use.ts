import { imageInUse } from '../images/installed-release.ts';
import { ownFlavour } from '../manifest/flavours.ts';
import type { ObservedContainer, Snapshot } from '../platform/docker/snapshot.ts';
import { asBootable } from '../stack/bootable.ts';
import type { BootableStack, DescribedContainer, Stack } from '../stack/model.ts';

/** The image that each container is, or would be, made from: a rolled back one has that of a release. */
export function imagesInUse(options: {
  containers: readonly DescribedContainer[];
  snapshot: Snapshot;
}): readonly { role: string; reference: string }[] {
  const { containers, snapshot } = options;
  return containers.map(({ role, image }) => ({
    role,
    reference: imageInUse({ wrapper: image.reference, container: containerOf({ role, snapshot })?.image }),
  }));
}

/** The stack with each container in the flavour that runs of it. */
export function asItRuns(options: { stack: Stack; snapshot: Snapshot }): BootableStack {
  const { stack, snapshot } = options;
  const open = stack.containers.flatMap(({ role, alternatives = [] }) =>
    alternatives.map(({ name }) => ({ role, name })),
  );
  const taken = [
    ...open.flatMap(({ role, name }) => {
      const runs = containerOf({ role, snapshot })?.flavour;
      return runs?.name === name ? [[role, runs] as const] : [];
    }),
    // Left out by now, and there from an earlier boot.
    ...stack.refused.flatMap(({ role, flavour }) => {
      const found = flavour && containerOf({ role, snapshot });
      return found ? [[role, found.flavour ?? { name: ownFlavour, because: 'it runs' }] as const] : [];
    }),
  ];
  return asBootable(taken.length === 0 ? stack : stack.inFlavours(Object.fromEntries(taken)));
}

/** The project's container of a role. */
export function containerOf(options: { role: string; snapshot: Snapshot }): ObservedContainer | undefined {
  const { role, snapshot } = options;
  return snapshot.containers.find(
    (container) => container.project === snapshot.project && container.role === role,
  );
}
