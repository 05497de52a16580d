import { describe, expect, test } from 'vitest';
import { testContainer } from '../../../tests/fixtures/stacks.ts';
import { type ContainerBase, type FoundVersion, judgeFormat, versionOf } from './data-format.ts';

const format = {
  files: ['appendonlydir/*.base.rdb', 'dump.rdb'],
  pattern: '^REDIS(\\d{4})',
  reads: { upstream: 12, recipe: 10 },
  exact: false,
};
const volume = { volume: 'arc-cache-data', target: '/data', format };
const plain = testContainer({ role: 'cache' });
const container = { ...plain, image: { ...plain.image, recipe: [] } };

function judge(options: { version: number; base: ContainerBase }) {
  const found: FoundVersion = { kind: 'version', path: '/data/dump.rdb', version: options.version };
  const holder = { name: 'arc-cache', target: '/data' };
  return judgeFormat({ container, volume, found, base: options.base, holder });
}

describe('the version in the data', () => {
  const read = (text: string, pattern = format.pattern) =>
    versionOf({ path: '/data/dump.rdb', bytes: Buffer.from(text, 'latin1'), pattern });

  test('is the first group, as a number', () => {
    expect(read('REDIS0012\xfa\x09redis-ver')).toEqual({
      kind: 'version',
      path: '/data/dump.rdb',
      version: 12,
    });
    expect(read('15\n', '^(\\d+)')).toMatchObject({ version: 15 });
  });

  test('is matched byte by byte, whatever the bytes are', () => {
    expect(read('\xff\xfe\x00v7', '^\\xff\\xfe\\x00v(\\d)')).toMatchObject({ version: 7 });
  });

  test('is unread where the file begins otherwise, and where the group is not a number', () => {
    expect(read('')).toMatchObject({ kind: 'unread', reason: 'its beginning does not match ^REDIS(\\d{4})' });
    expect(read('RUBBISH')).toMatchObject({ kind: 'unread' });
    expect(read('v1.2', '^v(.*)')).toMatchObject({ kind: 'unread', reason: '"1.2" is not a number' });
    expect(read('v', '^v(\\d)?')).toMatchObject({ kind: 'unread' });
  });
});

describe('data of a newer version than its base reads', () => {
  test('is refused, with both versions and the ways out', () => {
    expect(judge({ version: 12, base: 'recipe' })).toEqual({
      refused: true,
      problem: {
        code: 'data-too-new',
        message:
          'The data in arc-cache-data was written in version 12 of its format, and arc-cache reads up to version 10.',
        detail: [
          '/data/dump.rdb says so',
          'the base docker.io/library/cache:1 reads up to version 12',
          'the base made by the recipe reads up to version 10',
        ],
        suggestion:
          'arc up cache --bases registry boots the base that reads it; docker cp -a arc-cache:/data arc-cache-data && arc clean cache keeps a copy and begins without the data',
      },
    });
  });

  test('has one way out where no base reads it', () => {
    const finding = judge({ version: 13, base: 'upstream' });
    expect(finding?.refused).toBe(true);
    expect(finding?.problem.suggestion).toBe(
      'docker cp -a arc-cache:/data arc-cache-data && arc clean cache keeps a copy and begins without the data',
    );
  });

  test('is a warning where the base may still become one that reads it', () => {
    const finding = judge({ version: 11, base: 'either' });
    expect(finding?.refused).toBe(false);
    expect(finding?.problem.message).toBe(
      'The data in arc-cache-data was written in version 11 of its format, and not every base that arc-cache may get reads that.',
    );
    expect(judge({ version: 13, base: 'either' })?.refused).toBe(true);
  });

  test('cannot be told of a base that the manifest is not about, as after a rollback', () => {
    expect(judge({ version: 12, base: { other: 'docker.io/library/cache:0' } })).toMatchObject({
      refused: false,
      problem: {
        code: 'data-version-unknown',
        detail: [
          'its image was made from docker.io/library/cache:0, and its service.yaml is about docker.io/library/cache:1',
        ],
      },
    });
  });

  test('of a container whose base is made here is not offered a base from a registry', () => {
    const found: FoundVersion = { kind: 'version', path: '/data/dump.rdb', version: 12 };
    const { image } = container;
    const madeHere = { ...container, image: { ...image, upstream: 'localhost/cache:1' } };
    const holder = { name: 'arc-cache', target: '/data' };
    const finding = judgeFormat({ container: madeHere, volume, found, base: 'recipe', holder });
    expect(finding?.problem.suggestion).not.toContain('--bases');
  });
});

test('data that the base reads is no problem, and neither is new data', () => {
  expect(judge({ version: 10, base: 'recipe' })).toBeUndefined();
  expect(judge({ version: 12, base: 'upstream' })).toBeUndefined();
  expect(judge({ version: 10, base: 'either' })).toBeUndefined();
  const holder = { name: 'arc-cache', target: '/data' };
  expect(judgeFormat({ container, volume, found: { kind: 'none' }, base: 'recipe', holder })).toBeUndefined();
});

describe('data of a program that reads one version alone', () => {
  const exact = { ...volume, format: { ...format, reads: { upstream: 18, recipe: 18 }, exact: true } };
  const judgeExact = (version: number) => {
    const found: FoundVersion = { kind: 'version', path: '/data/PG_VERSION', version };
    const holder = { name: 'arc-cache', target: '/data' };
    return judgeFormat({ container, volume: exact, found, base: 'either', holder });
  };

  test('is refused where it is older, and `arc upgrade` is the way out', () => {
    expect(judgeExact(16)).toEqual({
      refused: true,
      problem: {
        code: 'data-too-old',
        message:
          'The data in arc-cache-data was written in version 16 of its format, and arc-cache reads version 18 alone.',
        detail: ['/data/PG_VERSION says so'],
        suggestion:
          'arc upgrade cache moves the data to version 18, and keeps the volume as it is under another name; arc upgrade cache --dry-run shows how',
      },
    });
  });

  test('is refused where it is newer, and read where it is the same', () => {
    expect(judgeExact(19)).toMatchObject({ refused: true, problem: { code: 'data-too-new' } });
    expect(judgeExact(18)).toBeUndefined();
  });
});

test('data whose version cannot be read is a warning that says why', () => {
  const found: FoundVersion = { kind: 'unread', path: '/data/dump.rdb', reason: 'it is a folder' };
  const holder = { name: 'arc-cache', target: '/data' };
  expect(judgeFormat({ container, volume, found, base: 'recipe', holder })).toMatchObject({
    refused: false,
    problem: { code: 'data-version-unknown', detail: ['/data/dump.rdb: it is a folder'] },
  });
});
