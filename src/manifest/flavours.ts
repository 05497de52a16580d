import type { ContainerManifest } from './model.ts';
import type { ContainerForm, FlavourManifest } from './model-flavours.ts';

/** The policy that leaves the choice to arc. */
export const anyFlavour = 'auto';

/** The flavour that a container is as its manifest writes it. */
export const ownFlavour = 'upstream';

/** The container in each of its flavours, in order of preference: first as it is written. */
export function formsOf(container: ContainerManifest): readonly ContainerForm[] {
  return [container, ...(container.flavours ?? []).flatMap(({ form }) => form ?? [])];
}

/** Names of the flavours of a container, in order of preference; just one where there is no choice. */
export function flavourNames(container: Pick<ContainerManifest, 'flavours'>): readonly string[] {
  return [ownFlavour, ...(container.flavours ?? []).map(({ name }) => name)];
}

/**
 * Changes a container in every flavour.
 *
 * @param change of one flavour; fields that it leaves out stay as they are
 */
export function inEveryFlavour<Container extends ContainerManifest>(
  container: Container,
  change: (form: ContainerForm) => Partial<ContainerForm>,
): Container {
  const changed = { ...container, ...change(container) };
  if (container.flavours === undefined) return changed;
  const flavours = container.flavours.map(
    (flavour): FlavourManifest =>
      flavour.form === undefined
        ? flavour
        : { ...flavour, form: { ...flavour.form, ...change(flavour.form) } },
  );
  return { ...changed, flavours };
}

/** Whether no registry has an image, because it is made on the machine that runs it: one of `localhost`. */
export function isMadeHere(upstream: string): boolean {
  return upstream.startsWith('localhost/');
}
