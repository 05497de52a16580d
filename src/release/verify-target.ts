import { invalid } from '../core/errors.ts';
import type { Repository } from '../registry/model.ts';
import { formatReference, parseReference, type Reference } from '../registry/reference.ts';
import { readVersion } from './version.ts';

/** What a person wants to verify. */
export type VerifyTarget =
  /** All images of a release. */
  | { kind: 'release'; service: string; version: string }
  /** One image; `at` is a tag or a digest. */
  | { kind: 'image'; repository: Repository; at: string; name: string };

/**
 * Reads `realtime v0.1.0` as other commands take it, `realtime/v0.1.0`, which is the release's git tag,
 * `realtime@v0.1.0`, or the name of an image. Text that ends in a version is a release, because no image repository has
 * such a name.
 *
 * @param version the second word, if there is one
 * @throws ArcError (exit status 2) `bad-version`, `image-reference-invalid`, or `nothing-to-verify` for an image that
 *   is named without tag and digest
 */
export function readTarget(text: string, version?: string): VerifyTarget {
  if (version !== undefined) return { kind: 'release', service: text, version: readVersion(version) };
  const [, service, behind] = /^([a-z][a-z0-9-]*)[@/](v?\d+\.\d+\S*)$/.exec(text) ?? [];
  if (service !== undefined && behind !== undefined)
    return { kind: 'release', service, version: readVersion(behind) };
  const reference = parseReference(text);
  const { registry, repository } = reference;
  const at = reference.digest ?? tagOf({ text, reference });
  if (at === undefined)
    throw invalid({
      code: 'nothing-to-verify',
      message: `"${text}" names neither a release nor a tag or digest of an image.`,
      suggestion:
        'write a release as realtime v0.1.0, and an image as ghcr.io/arc-framework/arc-realtime:v0.1.0',
    });
  return { kind: 'image', repository: { registry, repository }, at, name: formatReference(reference) };
}

/** `latest` counts only if it was typed: a person who verifies never means it implicitly. */
function tagOf(options: { text: string; reference: Reference }): string | undefined {
  const { text, reference } = options;
  return reference.tag !== undefined && text.endsWith(`:${reference.tag}`) ? reference.tag : undefined;
}

/** The version that a tag of an image stands for: `v0.1.0`, or `realtime-v0.1.0` as the reference platform writes it. */
export function versionOfTag(options: { service: string; tag: string }): string | undefined {
  const { service, tag } = options;
  const version = tag.startsWith(`${service}-`) ? tag.slice(service.length + 1) : tag;
  try {
    return readVersion(version);
  } catch {
    return undefined;
  }
}
