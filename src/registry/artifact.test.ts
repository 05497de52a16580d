import { describe, expect, it } from 'vitest';
import { type Artifact, artifactManifest, emptyConfig, fallbackIndex, fallbackTag } from './artifact.ts';
import { digestOf } from './digest.ts';

const subject = {
  mediaType: 'application/vnd.oci.image.index.v1+json',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 7,
  platform: { os: 'linux', architecture: 'amd64' },
};
const artifact: Artifact = {
  subject,
  artifactType: 'application/spdx+json',
  layers: [{ mediaType: 'application/spdx+json', bytes: Buffer.from('{}'), annotations: { b: '2', a: '1' } }],
  annotations: { z: '1', y: '2' },
};

describe('the manifest of an artifact', () => {
  it('is as the specification has it', () => {
    const { bytes, descriptor } = artifactManifest(artifact);
    const empty = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
    expect(digestOf(emptyConfig)).toBe(empty);
    expect(JSON.parse(bytes.toString())).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactType: 'application/spdx+json',
      config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: empty, size: 2 },
      layers: [
        { mediaType: 'application/spdx+json', digest: empty, size: 2, annotations: { a: '1', b: '2' } },
      ],
      subject: { mediaType: subject.mediaType, digest: subject.digest, size: 7 },
      annotations: { y: '2', z: '1' },
    });
    // The index has the type and the annotations, so that nobody has to read each manifest to choose.
    expect(descriptor).toEqual({
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: digestOf(bytes),
      size: bytes.length,
      artifactType: 'application/spdx+json',
      annotations: { y: '2', z: '1' },
    });
  });

  it('is the same however its annotations are ordered', () => {
    const other: Artifact = { ...artifact, annotations: { y: '2', z: '1' } };
    expect(artifactManifest(other).bytes).toEqual(artifactManifest(artifact).bytes);
  });

  it('has no empty annotations', () => {
    const { bytes } = artifactManifest({ subject, artifactType: 'x/y', layers: [], annotations: {} });
    expect(bytes.toString()).not.toContain('annotations');
  });
});

describe('the list under the fallback tag', () => {
  it('has the digest in its name', () => {
    expect(fallbackTag(subject.digest)).toBe(`sha256-${'a'.repeat(64)}`);
  });

  it('keeps what other clients wrote', () => {
    const foreign = { ...subject, urls: ['https://a.example'], data: 'e30=' };
    expect(JSON.parse(fallbackIndex([foreign]).toString())).toEqual({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [foreign],
    });
  });
});
