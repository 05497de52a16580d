import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repository } from '../support/run-arc.ts';

type Lock = { packages: Record<string, { version?: string }> };

const read = (path: string) => JSON.parse(readFileSync(join(repository, path), 'utf8'));
const lock = read('package-lock.json') as Lock;

/** Every folder below packages/ with a lock file of npm, wherever it is. */
const folders = readdirSync(join(repository, 'packages'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('package-lock.json') && !path.includes('node_modules'))
  .map((path) => dirname(path));

/** Those that depend on something. */
const packages = folders.flatMap((folder) => {
  const { dependencies } = read(`packages/${folder}/package.json`) as {
    dependencies?: Record<string, string>;
  };
  if (dependencies === undefined) return [];
  return [{ folder, dependencies, ownLock: read(`packages/${folder}/package-lock.json`) as Lock }];
});

/** What the framework of a program wants in another version than arc itself, by folder: no unit test loads it. */
const frameworks: Readonly<Record<string, readonly string[]>> = { 'voice/agent': ['@livekit/rtc-node'] };

// A program's image is made from its own lock file, and its tests run with that of the repository. What only runs in an
// image, such as a library of models, the repository need not have.
describe.each(packages)('in $folder', ({ folder, dependencies, ownLock }) => {
  test.each(Object.entries(dependencies))('%s %s is the version that is tested', (name, version) => {
    expect(ownLock.packages[`node_modules/${name}`]?.version).toBe(version);
    const tested = lock.packages[`node_modules/${name}`];
    const isFramework = frameworks[folder]?.includes(name) === true;
    if (tested !== undefined && !isFramework) expect(tested.version).toBe(version);
  });
});
