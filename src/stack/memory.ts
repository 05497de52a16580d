import type { ResolvedContainer } from './model.ts';

/** A container and its bound in bytes. */
export type MemoryBound = { name: string; bytes: number };

/** How much memory the containers of a stack may take together. */
export type MemoryNeeds = {
  /** Bytes: the sum of the bounds. */
  most: number;
  /** The container with the highest bound; absent if none has one. */
  largest?: MemoryBound;
  /** Names of containers without a bound, which may take any amount. */
  unbounded: readonly string[];
};

/**
 * Adds up the bounds of the containers that go on running (`resources.memory` of their manifests). Jobs end, mostly
 * before others are busy, so they do not count. Pure.
 */
export function memoryNeeds(
  containers: readonly Pick<ResolvedContainer, 'kind' | 'name' | 'resources'>[],
): MemoryNeeds {
  const running = containers.filter(({ kind }) => kind === 'service');
  const bounds = running.flatMap(({ name, resources: { memory } }): MemoryBound[] =>
    memory === undefined ? [] : [{ name, bytes: memory }],
  );
  const [largest] = bounds.toSorted((a, b) => b.bytes - a.bytes);
  return {
    most: bounds.reduce((sum, { bytes }) => sum + bytes, 0),
    ...(largest && { largest }),
    unbounded: running.filter(({ resources }) => resources.memory === undefined).map(({ name }) => name),
  };
}
