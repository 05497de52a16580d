import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ArcError } from '../core/errors.ts';
import { withAbsolutePaths, workingFolder } from './called-in.ts';

const folder = mkdtempSync(join(tmpdir(), 'arc-called-in-'));
writeFileSync(join(folder, 'cosign.key'), '');
afterAll(() => rmSync(folder, { recursive: true }));

function message(result: string | ArcError): string {
  return result instanceof ArcError ? result.message : result;
}

describe('the folder that a command works in', () => {
  test('is absolute, whatever --directory names', () => {
    const calledIn = (): string => dirname(folder);
    expect(workingFolder({ directory: basename(folder), calledIn })).toBe(folder);
    expect(workingFolder({ directory: `./${basename(folder)}/.`, calledIn })).toBe(folder);
    expect(workingFolder({ directory: folder, calledIn })).toBe(folder);
    expect(workingFolder({ calledIn })).toBe(dirname(folder));
  });

  test('has to exist, and to be a folder', () => {
    const calledIn = (): string => folder;
    expect(message(workingFolder({ directory: 'nowhere', calledIn }))).toBe(
      `The folder ${join(folder, 'nowhere')} does not exist.`,
    );
    expect(message(workingFolder({ directory: 'cosign.key', calledIn }))).toBe(
      `${join(folder, 'cosign.key')} is not a folder.`,
    );
  });

  test('that was removed is told of', () => {
    const calledIn = (): string => {
      throw new Error('ENOENT: no such file or directory, uv_cwd');
    };
    expect(message(workingFolder({ calledIn }))).toBe(
      'The folder that arc was called in does not exist any more.',
    );
  });
});

describe('paths in the environment', () => {
  const absolute = (environment: Record<string, string>): Record<string, string> =>
    withAbsolutePaths({ environment, calledIn: folder });

  test('are made absolute', () => {
    expect(absolute({ DOCKER_CONFIG: 'docker', XDG_CACHE_HOME: '/cache', PATH: 'bin' })).toEqual({
      DOCKER_CONFIG: join(folder, 'docker'),
      XDG_CACHE_HOME: '/cache',
      PATH: 'bin',
    });
  });

  test('of a key are made absolute where there is such a file, and left alone where it is a name', () => {
    expect(absolute({ ARC_COSIGN_KEY: 'cosign.key', ARC_COSIGN_PUBLIC_KEY: 'env://PUBLIC' })).toEqual({
      ARC_COSIGN_KEY: join(folder, 'cosign.key'),
      ARC_COSIGN_PUBLIC_KEY: 'env://PUBLIC',
    });
  });

  test('that are empty count as absent', () => {
    expect(absolute({ DOCKER_CONFIG: '' })).toEqual({ DOCKER_CONFIG: '' });
  });
});
