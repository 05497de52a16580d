import type { ObservedContainer, Snapshot } from './snapshot.ts';

/** A container of the project whose role is known. */
export type OwnContainer = ObservedContainer & { role: string };

/** The project's containers. */
export function ownContainers({ containers, project }: Snapshot): readonly OwnContainer[] {
  return containers.flatMap((container) =>
    container.project === project && container.role !== undefined
      ? [{ ...container, role: container.role }]
      : [],
  );
}

/**
 * The project's containers that no manifest describes any more: their service was removed or renamed. They keep
 * running, with their ports, until a person removes them.
 *
 * @param options.described roles that the manifests have
 */
export function orphansOf(options: {
  snapshot: Snapshot;
  described: ReadonlySet<string>;
}): readonly OwnContainer[] {
  return ownContainers(options.snapshot).filter(({ role }) => !options.described.has(role));
}
