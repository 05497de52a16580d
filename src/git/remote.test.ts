import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { githubOwner, readOrigin } from './remote.ts';

let root: string;
const { signal } = new AbortController();
const git = (...args: string[]) => execFileSync('git', args, { cwd: root });
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'arc-remote-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('the remote repository is the one called origin', async () => {
  git('init', '--quiet');
  git('remote', 'add', 'origin', 'git@github.com:Ada/demo.git');
  expect(await readOrigin({ root, signal })).toBe('git@github.com:Ada/demo.git');
});

test('there may be none, and no repository', async () => {
  expect(await readOrigin({ root, signal })).toBeUndefined();
  git('init', '--quiet');
  expect(await readOrigin({ root, signal })).toBeUndefined();
});

test.each([
  ['git@github.com:Ada/demo.git', 'Ada'],
  ['https://github.com/Ada/demo', 'Ada'],
  ['https://user:token@github.com/Ada/demo.git', 'Ada'],
  ['ssh://git@github.com:22/Ada/demo.git', 'Ada'],
  ['https://gitlab.com/Ada/demo', undefined],
  ['https://example.com/github.com/Ada/demo', undefined],
  ['../demo.git', undefined],
])('the owner of %s is %s', (address, owner) => expect(githubOwner(address)).toBe(owner));
