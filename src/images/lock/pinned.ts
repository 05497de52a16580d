import { applyMirror, formatReference, parseReference } from '../../registry/reference.ts';

/**
 * The name by which a base is pulled that is pinned: by digest alone, from the mirror where there is one.
 * `mirror.example/library/redis@sha256:…`
 */
export function pinnedReference(options: {
  reference: string;
  digest: string;
  mirrors: Readonly<Record<string, string>>;
}): string {
  const { reference, digest, mirrors } = options;
  const { registry, repository } = applyMirror(parseReference(reference), mirrors);
  return formatReference({ registry, repository, digest });
}
