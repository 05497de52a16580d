import { describe, expect, test } from 'vitest';
import { isBehind, isPrerelease, newestFirst, readVersion } from './version.ts';

describe('a version', () => {
  test.each(['v0.1.0', 'v1.2.3', 'v0.2.0-rc.1', 'v10.0.0-alpha'])('%s can be released', (version) => {
    expect(readVersion(version)).toBe(version);
  });

  test.each([
    ['0.1.0', 'did you mean v0.1.0?'],
    ['v1.02.3', 'did you mean v1.2.3?'],
    ['v1.2', 'write it like v0.1.0'],
    ['latest', 'write it like v0.1.0'],
    ['', 'write it like v0.1.0'],
    ['v1.2.3+build.5', 'did you mean v1.2.3?'],
    ['v1.2.3; rm', 'write it like v0.1.0'],
  ])('%s cannot', (text, suggestion) => {
    expect(() => readVersion(text)).toThrow(
      expect.objectContaining({
        code: 'bad-version',
        problems: [expect.objectContaining({ suggestion: expect.stringContaining(suggestion) })],
      }),
    );
  });

  test('with a part behind a dash is a pre-release', () => {
    expect(['v0.1.0', 'v0.2.0-rc.1'].map(isPrerelease)).toEqual([false, true]);
  });

  test('comes after those that are older, and after its own pre-releases', () => {
    expect(newestFirst(['v0.9.0', 'main', 'v0.10.0', 'v0.10.0-rc.2', '0.11.0', 'v0.10.0-rc.10'])).toEqual([
      'v0.10.0',
      'v0.10.0-rc.10',
      'v0.10.0-rc.2',
      'v0.9.0',
    ]);
    expect(isBehind('v0.9.0', 'v0.10.0')).toBe(true);
    expect(isBehind('v0.10.0', 'v0.10.0')).toBe(false);
  });
});
