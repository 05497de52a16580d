import { expect, test } from 'vitest';
import { parseManifests } from './parse.ts';

const service = `
name: arc-cache
role: cache
codename: oracle
tech: redis
description: A cache.
image: ghcr.io/arc-framework/arc-cache:latest
upstream: docker.io/library/redis:7.4
user: "999:999"
health: { probe: { kind: container }, command: [CMD, "true"] }
sidecars:
  - name: arc-cache-exporter
    role: cache-exporter
    codename: oracle-eye
    tech: exporter
    description: Its figures.
    image: ghcr.io/arc-framework/arc-cache-exporter:latest
    upstream: docker.io/library/exporter:1
    user: "999:999"
    health: { probe: { kind: container }, command: [CMD, "true"] }
`;
const parse = (workspace: string) =>
  parseManifests({
    files: new Map([
      ['arc.yaml', workspace],
      ['services/cache/service.yaml', service],
      ['services/profiles.yaml', 'profiles: { think: { description: All., services: [cache] } }'],
    ]),
  });
const imagesOf = (...given: Parameters<typeof parse>) =>
  parse(...given).manifests?.services.flatMap((one) => [one, ...one.sidecars].map(({ image }) => image));
const release = 'release: { repository: https://github.com/Ada/demo }\n';

test('images are where their manifests say', () => {
  expect(imagesOf('project: demo')).toEqual([
    'ghcr.io/arc-framework/arc-cache:latest',
    'ghcr.io/arc-framework/arc-cache-exporter:latest',
  ]);
});

test.each(['ghcr.io/ada', 'localhost/demo', 'quay.io/ada/voice', '127.0.0.1:5000'])(
  'arc.yaml can put all of them in %s, sidecars too',
  (images) => {
    expect(imagesOf(`images: ${images}`)).toEqual([
      `${images}/arc-cache:latest`,
      `${images}/arc-cache-exporter:latest`,
    ]);
  },
);

test.each(['ghcr.io/Ada', 'https://ghcr.io/ada', 'ghcr.io/ada/', 'ghcr.io/ada/arc-cache:latest'])(
  '%s is no place for images',
  (images) => expect(parse(`images: "${images}"`).problems).toHaveLength(1),
);

test('a release to packages of another owner is warned of', () => {
  expect(parse(release).warnings).toEqual([
    {
      code: 'images-elsewhere',
      message: 'Releases go to a repository of ada, and images to packages of somebody else on ghcr.io.',
      detail: ['ghcr.io/arc-framework/arc-cache:latest', 'ghcr.io/arc-framework/arc-cache-exporter:latest'],
      suggestion: 'write `images: ghcr.io/ada` in arc.yaml, unless you may write to those packages as well',
      location: expect.objectContaining({ file: 'arc.yaml', line: 1 }),
    },
  ]);
});

test.each([
  ['images in packages of the owner', `${release}images: ghcr.io/ada`],
  ['images in another registry', `${release}images: quay.io/others`],
  ['no releases', 'project: demo'],
])('%s are nothing to warn of', (_, workspace) => expect(parse(workspace).warnings).toEqual([]));
