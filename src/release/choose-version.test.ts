import { describe, expect, it } from 'vitest';
import { ArcError } from '../core/errors.ts';
import { chooseVersion, releasedVersions } from './choose-version.ts';

/** One image with these versions. */
function released(...versions: readonly string[]) {
  return releasedVersions({ tags: new Map([['ghcr.io/o/arc-cache', versions]]) });
}

function choose(options: {
  wanted?: string;
  running?: readonly (string | undefined)[];
  released?: ReturnType<typeof released>;
}): string {
  return chooseVersion({
    service: 'cache',
    wanted: undefined,
    running: ['v0.3.0'],
    released: released('v0.1.0', 'v0.2.0', 'v0.10.0', 'v0.3.0', 'v0.3.0-rc.1', 'v1.0.0-rc.1'),
    ...options,
  });
}

/** What is said where nothing can be chosen: `code: message (facts) → what next`. */
function refusal(options: Parameters<typeof choose>[0]): string {
  try {
    return `chose ${choose(options)}`;
  } catch (error) {
    if (!(error instanceof ArcError)) throw error;
    const [{ code, message, detail = [], suggestion }] = error.problems;
    return `${code}: ${message} (${detail.join('; ')}) → ${suggestion}`;
  }
}

describe('versions of a service', () => {
  it('are those that all of its images have, newest first', () => {
    const { whole, partial } = releasedVersions({
      tags: new Map([
        ['ghcr.io/o/a', ['v0.2.0', 'v0.10.0', 'v0.9.0', 'v0.11.0']],
        ['ghcr.io/o/b', ['v0.9.0', 'v0.10.0', 'v0.2.0', 'v0.12.0']],
      ]),
    });
    expect(whole).toEqual(['v0.10.0', 'v0.9.0', 'v0.2.0']);
    expect([...partial]).toEqual([
      ['v0.11.0', ['ghcr.io/o/b']],
      ['v0.12.0', ['ghcr.io/o/a']],
    ]);
  });

  it('are no other tags', () => {
    const tags = [
      'latest',
      'sha-0123456789ab',
      'cache-v0.1.0',
      '0.1.0',
      'v1',
      'v0.01.0',
      `sha256-${'0'.repeat(64)}`,
    ];
    expect(released(...tags).whole).toEqual([]);
  });
});

describe('without a version', () => {
  it('it is the release before the one that runs', () => {
    expect(choose({ running: ['v0.3.0'] })).toBe('v0.2.0');
    expect(choose({ running: ['v0.10.0', 'v0.10.0'] })).toBe('v0.3.0');
  });

  it('it is the newest release where what runs is none', () => {
    expect(choose({ running: [undefined] })).toBe('v0.10.0');
    expect(choose({ running: ['v0.2.0', undefined] })).toBe('v0.10.0');
  });

  it('it is never a pre-release', () => {
    expect(choose({ running: ['v1.0.0'] })).toBe('v0.10.0');
    expect(choose({ running: ['v0.3.0-rc.2'] })).toBe('v0.2.0');
  });

  it('goes on with a rollback that was interrupted between two containers', () => {
    expect(choose({ running: ['v0.2.0', 'v0.3.0'] })).toBe('v0.2.0');
  });

  it('finds one before a version that the registry no longer has', () => {
    expect(choose({ running: ['v0.9.0'] })).toBe('v0.3.0');
  });

  it('says so where there is none before, and what there is', () => {
    expect(refusal({ running: ['v0.1.0'] })).toBe(
      'no-earlier-release: There is no release of cache before v0.1.0, which runs. (released: v1.0.0-rc.1, v0.10.0, v0.3.0, v0.3.0-rc.1, v0.2.0) → name a version: arc rollback cache <version>; arc up cache returns to the images in the manifests',
    );
  });

  it('says so where nothing is released, or only what has to be named', () => {
    expect(refusal({ running: [undefined], released: released('latest') })).toBe(
      'no-release: There is no release of cache in the registry. () → arc release cache v0.1.0 makes the first one',
    );
    expect(refusal({ running: [undefined], released: released('v0.1.0-rc.1') })).toBe(
      'no-release: There is no release of cache but pre-releases in the registry. (released: v0.1.0-rc.1) → name one: arc rollback cache <version>',
    );
  });
});

describe('with a version', () => {
  it('it is that one, older or newer, pre-release or not', () => {
    for (const wanted of ['v0.1.0', 'v0.3.0', 'v0.10.0', 'v1.0.0-rc.1'])
      expect(choose({ wanted })).toBe(wanted);
  });

  it('that does not exist, those that do are listed, newest first', () => {
    expect(refusal({ wanted: 'v0.4.0' })).toBe(
      'unknown-release: There is no release v0.4.0 of cache. (released: v1.0.0-rc.1, v0.10.0, v0.3.0, v0.3.0-rc.1, v0.2.0, v0.1.0) → for example arc rollback cache v1.0.0-rc.1',
    );
  });

  it('of very many, the newest ten are listed', () => {
    const many = Array.from({ length: 13 }, (_, minor) => `v0.${minor}.0`);
    expect(refusal({ wanted: 'v9.0.0', released: released(...many) })).toContain('v0.3.0 and 3 older ones)');
  });

  it('that lacks an image, the image is named', () => {
    const half = releasedVersions({
      tags: new Map([
        ['ghcr.io/o/a', ['v0.1.0', 'v0.2.0']],
        ['ghcr.io/o/b', ['v0.1.0']],
      ]),
    });
    expect(refusal({ wanted: 'v0.2.0', released: half })).toBe(
      'release-incomplete: v0.2.0 of cache is incomplete: the registry lacks ghcr.io/o/b in this version. (released: v0.1.0) → arc release cache v0.2.0 goes on with a release that was interrupted; else name another version',
    );
  });

  it('that is no version, is refused with what may be meant', () => {
    expect(refusal({ wanted: '0.2.0' })).toMatch(/^bad-version: .*did you mean v0\.2\.0\?$/);
  });
});

describe('a version that was never finished', () => {
  const tagged = (...finished: readonly string[]) =>
    releasedVersions({
      tags: new Map([['ghcr.io/o/arc-cache', ['v0.1.0', 'v0.2.0', 'v0.3.0']]]),
      finished: new Set(finished),
    });

  it('is not gone back to by itself', () => {
    expect(choose({ released: tagged('v0.1.0', 'v0.3.0') })).toBe('v0.1.0');
    expect(refusal({ released: tagged('v0.3.0') })).toBe(
      'no-earlier-release: There is no release of cache before v0.3.0, which runs. (not finished: v0.2.0, v0.1.0) → name a version: arc rollback cache <version>; arc up cache returns to the images in the manifests',
    );
  });

  it('is refused by name, and told from what was released', () => {
    expect(refusal({ wanted: 'v0.2.0', released: tagged('v0.1.0', 'v0.3.0') })).toBe(
      'release-incomplete: The release v0.2.0 of cache was never finished: there is no git tag cache/v0.2.0. (released: v0.3.0, v0.1.0; not finished: v0.2.0) → arc release cache v0.2.0 goes on with a release that was interrupted; else name another version',
    );
  });

  it('is said to be there where there is nothing else', () => {
    expect(refusal({ running: [undefined], released: tagged('v9.0.0') })).toBe(
      'no-release: There is no release of cache that was finished in the registry. (not finished: v0.3.0, v0.2.0, v0.1.0) → arc release cache v0.3.0 goes on with a release that was interrupted',
    );
  });
});
