import type { BootableStack, DescribedContainer, ResolvedContainer, Stack } from './model.ts';

/** The stack with each container in the flavour that it has now. The other flavours are no longer part of it. */
export function asBootable(stack: Stack): BootableStack {
  const { selection: _selection, profile: _profile, refused: _refused, ...rest } = stack;
  const { warnings: _warnings, closed: _closed, ...core } = rest;
  return { ...core, containers: stack.containers.map(withoutFallback) };
}

/** The container in each flavour that it may still run in. */
export function flavoursOf({ fallback, ...container }: DescribedContainer): readonly ResolvedContainer[] {
  return fallback === undefined ? [container] : [container, fallback];
}

function withoutFallback({ fallback: _, ...container }: DescribedContainer): ResolvedContainer {
  return container;
}
