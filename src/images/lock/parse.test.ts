import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../cli/output/format-problem.ts';
import { formatLock } from './format.ts';
import { parseLock } from './parse.ts';

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const redis = {
  reference: 'docker.io/library/redis:7.4-bookworm',
  registry: 'docker.io',
  digest: digest('1'),
  platforms: { 'linux/arm64': digest('3'), 'linux/amd64': digest('2') },
  locked: '2026-11-21',
};
const minio = {
  reference: 'quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z',
  registry: 'quay.io',
  digest: digest('a'),
  platforms: {},
  locked: '2026-01-02',
};
const lockOf = (...bases: readonly (typeof redis | typeof minio)[]) => ({
  bases: new Map(bases.map((base) => [base.reference, base])),
});

function shown(content: string): string {
  return parseLock(content)
    .problems.map((problem) => formatProblem(problem))
    .join('\n');
}

describe('the text of a lock', () => {
  test('says what it is, and is in order of name', () => {
    expect(
      formatLock(lockOf(minio, redis)),
    ).toBe(`# yaml-language-server: $schema=./schemas/images-lock.schema.json
# The base images of this workspace, pinned by digest: what each name stood for in its registry when it was locked.
# Written by \`arc images lock\`. Commit it; \`arc images lock --update\` asks the registries anew.
version: 1
bases:
  docker.io/library/redis:7.4-bookworm:
    registry: docker.io
    digest: ${digest('1')}
    platforms:
      linux/amd64: ${digest('2')}
      linux/arm64: ${digest('3')}
    locked: "2026-11-21"
  quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z:
    registry: quay.io
    digest: ${digest('a')}
    platforms: {}
    locked: "2026-01-02"
`);
  });

  test('is read as what was written', () => {
    for (const lock of [lockOf(redis, minio), lockOf()]) {
      expect(parseLock(formatLock(lock))).toEqual({ lock, problems: [] });
    }
  });

  test('names an image by digest, too', () => {
    const pinned = { ...redis, reference: `docker.io/library/redis:7.4@${digest('1')}` };
    expect(parseLock(formatLock(lockOf(pinned))).lock.bases.get(pinned.reference)).toEqual(pinned);
  });
});

describe('what is wrong in a lock is shown with its place', () => {
  test('a digest that was cut, a field that is unknown, a date that is none', () => {
    const text = formatLock(lockOf(redis))
      .replace(digest('2'), 'sha256:22')
      .replace('locked: "2026-11-21"', 'locked: yesterday\n    by: me');
    expect(shown(text)).toMatchInlineSnapshot(`
      "error[bad-value] images.lock.yaml:10:20
        "linux/amd64" must be a digest: sha256: and 64 hexadecimal digits, not "sha256:22".
          10 |       linux/amd64: sha256:22
             |                    ^
      error[bad-value] images.lock.yaml:12:13
        "locked" must be a date, not "yesterday".
          12 |     locked: yesterday
             |             ^
        help: write it as in 2026-11-21
      error[unknown-field] images.lock.yaml:13:5
        "by" is not a field of a locked base.
          13 |     by: me
             |     ^
        help: its fields are registry, digest, platforms and locked"
    `);
  });

  test('a name that is no image', () => {
    expect(shown(formatLock(lockOf({ ...redis, reference: 'Redis' })))).toContain(
      'error[bad-name] images.lock.yaml:6:3',
    );
  });

  test('an entry under another registry than its own', () => {
    expect(shown(formatLock(lockOf({ ...redis, registry: 'quay.io' })))).toMatchInlineSnapshot(`
      "error[bad-value] images.lock.yaml:7:15
        "registry" must be "docker.io", the registry of docker.io/library/redis:7.4-bookworm.
          7 |     registry: quay.io
            |               ^
        help: delete the entry, then write it again with \`arc images lock\`"
    `);
  });

  test('the same base twice, and conflicts that git left', () => {
    const text = formatLock(lockOf(redis));
    const twice = text + text.slice(text.indexOf('  docker.io'));
    expect(shown(twice)).toContain('error[duplicate-key] images.lock.yaml:13:3');
    expect(shown(text.replace('version: 1', '<<<<<<< HEAD\nversion: 1'))).toContain(
      'error[yaml-syntax] images.lock.yaml:',
    );
  });

  test('another version, and nothing at all', () => {
    expect(shown(formatLock(lockOf()).replace('version: 1', 'version: 2'))).toContain(
      '"version" must be "1", not the number 2.',
    );
    expect(shown('# empty\n')).toContain('images.lock.yaml is empty');
  });
});
