import type { ObservedContainer, Snapshot } from '../engine/snapshot.ts';
import { imageInUse } from '../images/installed-release.ts';
import type { ResolvedContainer } from '../stack/model.ts';

/** The image that each container is, or would be, made from: a rolled back one has that of a release. */
export function imagesInUse(options: {
  containers: readonly ResolvedContainer[];
  snapshot: Snapshot;
}): readonly { role: string; reference: string }[] {
  const { containers, snapshot } = options;
  return containers.map(({ role, image }) => ({
    role,
    reference: imageInUse({ wrapper: image.reference, container: containerOf({ role, snapshot })?.image }),
  }));
}

/** The project's container of a role. */
export function containerOf(options: { role: string; snapshot: Snapshot }): ObservedContainer | undefined {
  const { role, snapshot } = options;
  return snapshot.containers.find(
    (container) => container.project === snapshot.project && container.role === role,
  );
}
