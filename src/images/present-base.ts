import { digestOf } from '../platform/docker/observed-images.ts';
import type { TracedImage } from '../platform/docker/trace-images.ts';
import { mirrored } from '../registry/reference.ts';
import { pinnedReference } from './lock/pinned.ts';

/** Identifies a base. */
export type NamedBase = {
  upstream: string;
  mirrors: Readonly<Record<string, string>>;
  /** Digest that images.lock.yaml has for it. */
  locked: string | undefined;
};

/** A base that is on the Engine, and the name that it has there. */
export type PresentBase = { name: string; image: TracedImage; digest?: string };

/** The names under which a base may be on the Engine, the surest first. */
export function namesOfBase(base: NamedBase): readonly string[] {
  return [...pinnedNames(base), mirrored(base.upstream, base.mirrors), base.upstream];
}

/**
 * Finds a base on the Engine. If the base is locked, an image that is known to differ is ignored (`other`). An image
 * without a registry's digest, because it was loaded from an archive, is trusted by its name: nothing better is known,
 * and a machine without a network may have nothing else. An Engine that cannot distinguish a registry's digest from its
 * own gets no such trust, because old pulls look the same there.
 */
export function findPresentBase(
  options: NamedBase & { observed: (name: string) => TracedImage | undefined },
): {
  present?: PresentBase;
  other: boolean;
} {
  const { observed, locked } = options;
  let other = false;
  for (const name of namesOfBase(options)) {
    const image = observed(name);
    if (image === undefined) continue;
    // An image can have several digests in one repository; that by which it was found is one of them.
    const pinned = pinnedNames(options).includes(name);
    const digest = pinned ? locked : digestOf(image, name);
    if (locked === undefined || digest === undefined || digest === locked) {
      const told = pinned || image.unsure !== true ? digest : undefined;
      return { present: { name, image, ...(told === undefined ? {} : { digest: told }) }, other: false };
    }
    other = true;
  }
  return { other };
}

function pinnedNames({ upstream, mirrors, locked }: NamedBase): readonly string[] {
  if (locked === undefined) return [];
  const pin = { reference: upstream, digest: locked };
  return [pinnedReference({ ...pin, mirrors }), pinnedReference({ ...pin, mirrors: {} })];
}
