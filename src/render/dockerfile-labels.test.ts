import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testContainer } from '../../tests/fixtures/stacks.ts';
import { dockerfileText } from './dockerfile.ts';
import { labelsOfDockerfile } from './dockerfile-labels.ts';

it('the labels of a Dockerfile are those that it was generated with, whatever characters they have', () => {
  const labels = {
    'arc.service.name': 'arc-cache',
    'org.opencontainers.image.description': 'A "cache", for $5 \\ month; x=y # no comment',
    'org.opencontainers.image.licenses': 'MIT OR Apache-2.0',
    'x.empty': '',
  };
  const { image } = testContainer({ role: 'cache' });
  expect(labelsOfDockerfile(dockerfileText({ ...image, labels }))).toEqual(labels);
});

it('the labels of a committed Dockerfile are all found, but for the one that the build fills in', () => {
  const file = join(import.meta.dirname, '..', '..', 'services', 'realtime', 'Dockerfile');
  const text = readFileSync(file, 'utf8');
  const names = Array.from(text.matchAll(/([\w.-]+)="/g), ([, name]) => name);
  expect(Object.keys(labelsOfDockerfile(text))).toEqual(
    names.filter((name) => name !== 'org.opencontainers.image.base.name'),
  );
});

it('a Dockerfile without labels has none', () => {
  expect(labelsOfDockerfile('FROM scratch\n')).toEqual({});
});
