import { formsOf, isMadeHere } from '../../manifest/flavours.ts';
import type { Manifests } from '../../manifest/model.ts';

/** A base in manifests, and the containers whose images use it. */
export type WantedBase = { reference: string; roles: readonly string[] };

/**
 * The bases of a workspace's images that a registry may have, in order of name, each once. A base of `localhost` is
 * built from the workspace and is in no registry: the base that its image is published on counts in its place.
 *
 * @param options.roles only the images of these containers; those of all unless given
 */
export function wantedBases(options: {
  manifests: Manifests;
  roles?: ReadonlySet<string>;
}): readonly WantedBase[] {
  const { manifests, roles } = options;
  const byReference = new Map<string, string[]>();
  for (const service of manifests.services) {
    // A job runs in the image of its service.
    for (const { role, upstream, release_base } of [service, ...service.sidecars].flatMap(formsOf)) {
      const reference = release_base ?? upstream;
      if (isMadeHere(reference) || (roles !== undefined && !roles.has(role))) continue;
      const users = byReference.get(reference) ?? [];
      byReference.set(reference, users.includes(role) ? users : [...users, role]);
    }
  }
  return Array.from(byReference, ([reference, users]) => ({ reference, roles: users.toSorted() })).toSorted(
    (a, b) => (a.reference < b.reference ? -1 : 1),
  );
}
