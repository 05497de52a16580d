import { createHash } from 'node:crypto';
import { at, listAt, parseJson, textAt } from './json.ts';

/** The subject of an SBOM, and the number of packages in it. */
export type SbomFacts = {
  /** Digests of the described image. */
  subjects: readonly string[];
  /** The image itself is not counted. */
  packages: number;
};

/** Reads an SBOM; undefined if the document is no SPDX 2 in JSON. */
export function readSbom(bytes: Buffer): SbomFacts | undefined {
  const document = parseJson(bytes);
  if (!isSpdx(document)) return undefined;
  const described = new Set(
    listAt(document, 'relationships')
      .filter((each) => textAt(each, 'relationshipType') === 'DESCRIBES')
      .map((each) => textAt(each, 'relatedSpdxElement')),
  );
  const packages = listAt(document, 'packages');
  const roots = packages.filter((each) => described.has(textAt(each, 'SPDXID') ?? ''));
  return { subjects: roots.flatMap(digestsOf), packages: packages.length - roots.length };
}

/** Syft 1.18 gives the digest of the platform's manifest as a checksum, and the one it was asked for as the version. */
function digestsOf(root: unknown): readonly string[] {
  const version = textAt(root, 'versionInfo') ?? '';
  return [
    ...listAt(root, 'checksums')
      .filter((each) => textAt(each, 'algorithm') === 'SHA256')
      .map((each) => `sha256:${textAt(each, 'checksumValue')}`),
    ...(version.startsWith('sha256:') ? [version] : []),
  ];
}

/**
 * Makes an SBOM that depends on the image and on the tool alone: syft puts the time and a random name in. With both
 * replaced, a release that was interrupted attaches the very same document when it goes on.
 *
 * @param options.epochSeconds time of the commit that the image is built from
 * @returns undefined if the document is no SPDX 2 in JSON
 */
export function steadySbom(options: { bytes: Buffer; epochSeconds: number }): Buffer | undefined {
  const document = parseJson(options.bytes);
  if (!isSpdx(document)) return undefined;
  const created = `${new Date(options.epochSeconds * 1000).toISOString().slice(0, 19)}Z`;
  const creationInfo = { ...document.creationInfo, created };
  const rest = { ...document, creationInfo, documentNamespace: '' };
  // The namespace has to be another one for another document (SPDX 2.3, 6.5), which a hash of it is too.
  const hash = createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 32);
  const prefix = document.documentNamespace.replace(/-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, '');
  return Buffer.from(`${JSON.stringify({ ...rest, documentNamespace: `${prefix}-${hash}` })}\n`);
}

function isSpdx(value: unknown): value is { documentNamespace: string; creationInfo: object } {
  return (
    textAt(value, 'spdxVersion')?.startsWith('SPDX-2.') === true &&
    textAt(value, 'documentNamespace') !== undefined &&
    typeof at(value, 'creationInfo') === 'object' &&
    Array.isArray(at(value, 'packages'))
  );
}
