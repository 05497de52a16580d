import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readTemplate } from '../../src/manifest/template-text.ts';
import { readBuiltin } from '../../src/scaffold/builtin.ts';
import { lines, newWorkspace } from '../../src/scaffold/new-workspace.ts';
import { writeWorkspace } from '../../src/scaffold/write-workspace.ts';

const repository = join(import.meta.dirname, '..', '..');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-line-ends-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com'];
  return execFileSync('git', [...who, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Commits all of a folder and clones it as Git for Windows does; gives the files that have another line end then. */
function changedByClone(source: string): readonly string[] {
  git('-C', source, 'init', '--quiet');
  git('-C', source, 'add', '--all');
  git('-C', source, 'commit', '--quiet', '--message', 'all');
  git('clone', '--quiet', '--config', 'core.autocrlf=true', source, join(folder, 'clone'));
  return git('-C', join(folder, 'clone'), 'ls-files')
    .trim()
    .split('\n')
    .filter((path) => readFileSync(join(folder, 'clone', path)).includes('\r'));
}

describe('a clone with core.autocrlf', () => {
  test('of this repository has the line ends that scripts and containers need', () => {
    const source = join(folder, 'source');
    mkdirSync(source);
    for (const path of ['.gitattributes', 'bin', 'services', 'Makefile', 'schemas'])
      cpSync(join(repository, path), join(source, path), { recursive: true });
    expect(changedByClone(source)).toEqual([]);
  });

  test('of a new workspace has them too', async () => {
    const source = join(folder, 'source');
    const builtin = await readBuiltin();
    const choices = {
      project: 'demo',
      images: 'ghcr.io/ada',
      services: ['cache', 'storage', 'realtime'],
      settings: {},
      names: 'manifest',
      ports: 0,
    } as const;
    await writeWorkspace({ root: source, files: newWorkspace({ builtin, choices }), lines });
    // What is not arc's is nobody's business.
    mkdirSync(dirname(join(source, 'theirs/notes.txt')), { recursive: true });
    writeFileSync(join(source, 'theirs/notes.txt'), 'a\nb\n');
    // Git has a default for what nobody speaks of.
    expect(changedByClone(source)).toEqual(['.gitattributes', '.gitignore', 'theirs/notes.txt']);
  });
});

test('a template with the line ends of Windows gives a config file without them', () => {
  const read = readTemplate({ file: 'redis.conf.liquid', content: 'requirepass x\r\nport 1\r\n' });
  expect(read).toEqual({ text: 'requirepass x\nport 1\n' });
});
