import type { BootableStack, DescribedContainer, ResolvedContainer, ResolvedImage, Stack } from './model.ts';

/** The stack with each container in the flavour that it has now. The other flavours are no longer part of it. */
export function asBootable(stack: Stack): BootableStack {
  const { selection: _selection, profile: _profile, refused: _refused, ...rest } = stack;
  const { warnings: _warnings, closed: _closed, inFlavours: _inFlavours, ...core } = rest;
  return { ...core, containers: stack.containers.map(withoutAlternatives) };
}

/** The images of a container in each flavour that it may still run in. */
export function imagesOf({ image, alternatives = [] }: DescribedContainer): readonly ResolvedImage[] {
  return [image, ...alternatives.map((one) => one.image)];
}

function withoutAlternatives({
  alternatives: _,
  absence: _absence,
  ...container
}: DescribedContainer): ResolvedContainer {
  return container;
}
