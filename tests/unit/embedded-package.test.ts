import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repository } from '../support/run-arc.ts';

type Lock = { packages: Record<string, { version?: string }> };

const read = (path: string) => JSON.parse(readFileSync(join(repository, path), 'utf8'));
const own = read('packages/livekit-workers/package.json') as { dependencies: Record<string, string> };
const ownLock = read('packages/livekit-workers/package-lock.json') as Lock;
const lock = read('package-lock.json') as Lock;

// The workers' image is made from their own lock file, and their tests run with that of the repository.
test.each(Object.entries(own.dependencies))('%s %s is the version that is tested', (name, version) => {
  expect(ownLock.packages[`node_modules/${name}`]?.version).toBe(version);
  expect(lock.packages[`node_modules/${name}`]?.version).toBe(version);
});
