import { applyMirror, formatReference, parseReference } from '../../registry/reference.ts';

/**
 * The name to pull a pinned base by: its digest, from the mirror if there is one.
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
