import { describe, expect, it } from 'vitest';
import { readSbom, steadySbom } from './spdx.ts';

const platform = '5'.repeat(64);
const index = '1'.repeat(64);

/** An SBOM in the shape that syft 1.18 gives one of an image in a registry. */
function sbom(options: { uuid?: string; created?: string } = {}): Buffer {
  const { uuid = '3c9f0dc7-dac5-4687-b19f-4b64a6084a45', created = '2026-11-21T17:26:12Z' } = options;
  return Buffer.from(
    JSON.stringify({
      spdxVersion: 'SPDX-2.3',
      dataLicense: 'CC0-1.0',
      SPDXID: 'SPDXRef-DOCUMENT',
      name: 'ghcr.io/arc-framework/arc-cache',
      documentNamespace: `https://anchore.com/syft/image/ghcr.io/arc-framework/arc-cache-${uuid}`,
      creationInfo: { licenseListVersion: '3.25', creators: ['Tool: syft-1.18.1'], created },
      packages: [
        { name: 'busybox', SPDXID: 'SPDXRef-Package-apk-busybox', versionInfo: '1.36.1-r28' },
        {
          name: 'ghcr.io/arc-framework/arc-cache',
          SPDXID: 'SPDXRef-DocumentRoot-Image',
          versionInfo: `sha256:${index}`,
          checksums: [{ algorithm: 'SHA256', checksumValue: platform }],
          primaryPackagePurpose: 'CONTAINER',
        },
      ],
      relationships: [
        {
          spdxElementId: 'SPDXRef-DocumentRoot-Image',
          relatedSpdxElement: 'SPDXRef-Package-apk-busybox',
          relationshipType: 'CONTAINS',
        },
        {
          spdxElementId: 'SPDXRef-DOCUMENT',
          relatedSpdxElement: 'SPDXRef-DocumentRoot-Image',
          relationshipType: 'DESCRIBES',
        },
      ],
    }),
  );
}

describe('an SBOM', () => {
  it('says which image it is about, and how much is in it', () => {
    expect(readSbom(sbom())).toEqual({
      subjects: [`sha256:${platform}`, `sha256:${index}`],
      packages: 1,
    });
  });

  it('is about nothing where it describes nothing', () => {
    const document = { ...JSON.parse(sbom().toString()), relationships: [] };
    expect(readSbom(Buffer.from(JSON.stringify(document)))).toEqual({ subjects: [], packages: 2 });
  });

  it.each([
    ['no JSON', 'SPDXVersion: SPDX-2.3'],
    ['another kind of SBOM', JSON.stringify({ bomFormat: 'CycloneDX', components: [] })],
    [
      'an SPDX document without a list of packages',
      JSON.stringify({ spdxVersion: 'SPDX-2.3', packages: {} }),
    ],
  ])('is not %s', (_, text) => {
    expect(readSbom(Buffer.from(text))).toBeUndefined();
    expect(steadySbom({ bytes: Buffer.from(text), epochSeconds: 0 })).toBeUndefined();
  });
});

describe('a steady SBOM', () => {
  const steady = (bytes: Buffer, epochSeconds = 1_767_323_045) =>
    JSON.parse(steadySbom({ bytes, epochSeconds })?.toString() ?? 'null');

  it('has the time of the commit, and keeps everything else', () => {
    const before = JSON.parse(sbom().toString());
    const after = steady(sbom());
    expect(after.creationInfo).toEqual({ ...before.creationInfo, created: '2026-01-02T03:04:05Z' });
    expect({ ...after, creationInfo: 0, documentNamespace: 0 }).toEqual({
      ...before,
      creationInfo: 0,
      documentNamespace: 0,
    });
  });

  it('is the same of two runs of the tool', () => {
    const other = sbom({ uuid: 'cbb68bf8-7e6a-41a8-aaa2-3a3a5f47ae15', created: '2026-11-21T18:00:00Z' });
    expect(steady(other)).toEqual(steady(sbom()));
  });

  it('has another name where anything in it is another', () => {
    const name = steady(sbom()).documentNamespace;
    expect(name).toMatch(
      /^https:\/\/anchore\.com\/syft\/image\/ghcr\.io\/arc-framework\/arc-cache-[0-9a-f]{32}$/,
    );
    expect(steady(sbom(), 1_767_323_046).documentNamespace).not.toBe(name);
  });
});
