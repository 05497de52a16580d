import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repository } from '../support/run-arc.ts';

type Lock = { packages: Record<string, { version?: string }> };

const read = (path: string) => JSON.parse(readFileSync(join(repository, path), 'utf8'));
const lock = read('package-lock.json') as Lock;

// A program's image is made from its own lock file, and its tests run with that of the repository.
const packages = readdirSync(join(repository, 'packages')).map((folder) => {
  const { dependencies } = read(`packages/${folder}/package.json`) as {
    dependencies: Record<string, string>;
  };
  return { folder, dependencies, ownLock: read(`packages/${folder}/package-lock.json`) as Lock };
});

describe.each(packages)('in $folder', ({ dependencies, ownLock }) => {
  test.each(Object.entries(dependencies))('%s %s is the version that is tested', (name, version) => {
    expect(ownLock.packages[`node_modules/${name}`]?.version).toBe(version);
    expect(lock.packages[`node_modules/${name}`]?.version).toBe(version);
  });
});
