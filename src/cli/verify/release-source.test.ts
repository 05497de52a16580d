import { describe, expect, it } from 'vitest';
import { serviceText } from '../../../tests/fixtures/workspace.ts';
import { parseManifests } from '../../manifest/parse.ts';
import { generateArtefacts } from '../../render/generate.ts';
import { describeImages } from './release-source.ts';

const commit = { commit: 'c0ffee', epochSeconds: 1_700_000_000 };
const digest = `sha256:${'d'.repeat(64)}`;
const lock = `version: 1
bases:
  docker.io/library/demo:1.0:
    registry: docker.io
    digest: ${digest}
    platforms: { linux/amd64: ${digest} }
    locked: 2026-11-21
`;

/** The files of a commit, generated ones too. */
function filesOf(
  change: Readonly<Record<string, string | Uint8Array | undefined>> = {},
): ReadonlyMap<string, string | Uint8Array> {
  const written = new Map([
    ['arc.yaml', 'release: { repository: https://github.com/o/r, platforms: [linux/amd64] }\n'],
    ['services/profiles.yaml', 'profiles:\n  think: { description: All., services: [a] }\n'],
    ['services/a/service.yaml', serviceText('a')],
    ['images.lock.yaml', lock],
  ]);
  const { manifests } = parseManifests({ files: written });
  if (manifests === undefined) throw new Error('the manifests of the test are wrong');
  const artefacts = generateArtefacts({ manifests, templates: new Map(), services: [] });
  const all = [
    ...written,
    ...artefacts.map(({ path, text }) => [path, text] as const),
    ...Object.entries(change),
  ];
  return new Map<string, string | Uint8Array>(
    all.flatMap(([path, text]) => {
      const content = path in change ? change[path] : text;
      return content === undefined ? [] : [[path, content] as const];
    }),
  );
}

function describeA(change?: Parameters<typeof filesOf>[0]) {
  return describeImages({ files: filesOf(change), commit, service: 'a', version: 'v0.1.0' });
}

describe('what an image should be, by the files of a commit', () => {
  it('has the labels of its Dockerfile, those of the build, and its base as locked', () => {
    expect(describeA()).toEqual({
      settings: expect.objectContaining({ sign: 'none', platforms: ['linux/amd64'] }),
      images: [
        {
          role: 'a',
          repository: { registry: 'ghcr.io', repository: 'arc-framework/arc-a' },
          expected: {
            version: 'v0.1.0',
            commit: 'c0ffee',
            platforms: ['linux/amd64'],
            baseDigest: digest,
            labels: {
              'arc.service.codename': 'a',
              'arc.service.name': 'arc-a',
              'arc.service.role': 'a',
              'arc.service.tech': 'demo',
              'org.opencontainers.image.base.digest': digest,
              'org.opencontainers.image.base.name': 'docker.io/library/demo:1.0',
              'org.opencontainers.image.created': '2023-11-14T22:13:20Z',
              'org.opencontainers.image.description': 'One of many.',
              'org.opencontainers.image.revision': 'c0ffee',
              'org.opencontainers.image.source': 'https://github.com/o/r',
              'org.opencontainers.image.title': 'arc-a',
              'org.opencontainers.image.version': 'v0.1.0',
            },
          },
        },
      ],
    });
  });

  it('follows the Dockerfile and not what this arc would generate', () => {
    const described = describeA({ 'services/a/Dockerfile': 'FROM scratch\nLABEL only="this"\n' });
    expect(described).toMatchObject({ images: [{ expected: { labels: { only: 'this' } } }] });
    expect(JSON.stringify(described)).not.toContain('arc.service.role');
  });

  it('says which Dockerfile the commit lacks, and names no base that is not locked', () => {
    const described = describeA({ 'services/a/Dockerfile': undefined, 'images.lock.yaml': undefined });
    expect(described).toMatchObject({ images: [{ missingDockerfile: 'services/a/Dockerfile' }] });
    expect(JSON.stringify(described)).not.toContain('image.base.');
  });

  it('cannot be told from a lock or a template that cannot be read', () => {
    expect(describeA({ 'images.lock.yaml': 'bases: [' })).toMatchObject({
      unreadable: { code: 'yaml-syntax', location: { file: 'images.lock.yaml' } },
    });
    const text = `${serviceText('a')}config:\n  - { template: t.liquid, file: t, target: /t }\n`;
    const latin = Buffer.from('acc\xe8s', 'latin1');
    expect(describeA({ 'services/a/service.yaml': text, 'services/a/t.liquid': latin })).toMatchObject({
      unreadable: { code: 'not-utf8', location: { file: 'services/a/t.liquid', line: 1, column: 4 } },
    });
  });

  it('cannot be told from manifests that this arc does not understand: the reason is kept', () => {
    const text = `${serviceText('a')}field_of_another_time: 1\n`;
    expect(describeA({ 'services/a/service.yaml': text })).toMatchObject({
      unreadable: { code: 'unknown-field', location: { file: 'services/a/service.yaml' } },
    });
  });
});
