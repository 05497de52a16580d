import { invalid } from '../core/errors.ts';

/**
 * A tag as registries take it (OCI distribution-spec 1.1, "Pulling manifests").
 *
 * @throws ArcError `bad-flag`
 */
export function checkTag(tag: string): string {
  if (/^\w[\w.-]{0,127}$/.test(tag)) return tag;
  throw invalid({
    code: 'bad-flag',
    message: `"${tag}" is not a valid image tag: use at most 128 letters, digits, ".", "_" and "-".`,
    suggestion: 'for example v0.1.0',
  });
}
