import { expect, test } from 'vitest';
import type { TracedImage } from '../platform/docker/trace-images.ts';
import { findPresentBase } from './present-base.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const upstream = 'docker.io/library/redis:7.4';
const mirrors = { 'docker.io': 'mirror.example' };

/** What the Engine has, by the names that it is found under. */
function engine(images: Record<string, Record<string, string>>, unsure: { unsure?: true }) {
  return (name: string): TracedImage | undefined => {
    const digests = images[name];
    if (digests === undefined) return undefined;
    const image = { id: `id of ${name}`, labels: {}, digests, names: [], pinned: [], bytes: 1 };
    return { ...image, created: '2026-01-01T00:00:00Z', ...unsure };
  };
}

const find = (
  images: Record<string, Record<string, string>>,
  locked?: string,
  unsure: { unsure?: true } = {},
) => {
  const observed = engine(images, unsure);
  const { present, other } = findPresentBase({ upstream, mirrors, locked, observed });
  return other ? 'another one' : present === undefined ? 'none' : `${present.name} ${present.digest ?? ''}`;
};

test('a base that is not locked is whatever has its name, that of the mirror first', () => {
  expect(find({})).toBe('none');
  expect(find({ [upstream]: {} })).toBe(`${upstream} `);
  expect(find({ [upstream]: { redis: digest('1') } })).toBe(`${upstream} ${digest('1')}`);
  expect(find({ [upstream]: {}, 'mirror.example/library/redis:7.4': {} })).toBe(
    'mirror.example/library/redis:7.4 ',
  );
});

test('a locked base is found by its digest, whatever its name stands for by now', () => {
  const pinned = `mirror.example/library/redis@${digest('1')}`;
  expect(find({ [pinned]: {}, [upstream]: { redis: digest('2') } }, digest('1'))).toBe(
    `${pinned} ${digest('1')}`,
  );
  expect(find({ [`docker.io/library/redis@${digest('1')}`]: {} }, digest('1'))).toContain('docker.io');
});

test('what is known to be another image is not a locked base', () => {
  expect(find({ [upstream]: { redis: digest('2') } }, digest('1'))).toBe('another one');
});

test('what was loaded from an archive has no digest, and is taken for what its name says', () => {
  expect(find({ [upstream]: {} }, digest('1'))).toBe(`${upstream} `);
});

test('an Engine that cannot tell whose a digest is gets no trust where another one is locked', () => {
  const unsure = { unsure: true } as const;
  expect(find({ [upstream]: { redis: digest('2') } }, digest('1'), unsure)).toBe('another one');
  expect(find({ [upstream]: { redis: digest('2') } }, undefined, unsure)).toBe(`${upstream} `);
  const pinned = `docker.io/library/redis@${digest('1')}`;
  expect(find({ [pinned]: { redis: digest('1') } }, digest('1'), unsure)).toBe(`${pinned} ${digest('1')}`);
});
