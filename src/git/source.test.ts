import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GitRepository, gitRepository } from '../../tests/fixtures/git-repository.ts';
import { changedFiles, listCommits, readGitSource } from './source.ts';

let repository: GitRepository;
let root: string;
const signal = new AbortController().signal;
const git: GitRepository['git'] = (...args) => repository.git(...args);
const write: GitRepository['write'] = (...args) => repository.write(...args);
const commit: GitRepository['commit'] = (...args) => repository.commit(...args);

beforeEach(() => {
  repository = gitRepository({ remote: false });
  root = repository.root;
});
afterEach(() => repository.remove());

describe('the source of a folder', () => {
  test('is the commit that is checked out, and when it was made', async () => {
    write('a', '1');
    const head = commit('first');
    expect(await readGitSource({ root, signal })).toEqual({
      commit: head,
      epochSeconds: Number(git('log', '-1', '--format=%ct')),
      changed: [],
    });
  });

  test('names files that are changed, staged, renamed or new', async () => {
    write('changed', '1');
    write('old name', '2');
    commit('first');
    write('changed', '2');
    git('mv', 'old name', 'new name');
    write('folder/new', '3');
    expect((await readGitSource({ root, signal }))?.changed).toEqual(['changed', 'folder/new', 'new name']);
  });

  test('is nothing before the first commit, and outside of a repository', async () => {
    expect(await readGitSource({ root, signal })).toBeUndefined();
    rmSync(join(root, '.git'), { recursive: true });
    expect(await readGitSource({ root, signal })).toBeUndefined();
  });

  test('has the old path of a renamed file left out', () => {
    expect(changedFiles('R  new\0old\0 M other\0?? third\0')).toEqual(['new', 'other', 'third']);
  });
});

describe('the commits of some paths', () => {
  test('are those that touched them since a tag, newest first', async () => {
    write('services/a/x', '1');
    commit('before');
    git('tag', 'a/v1.0.0');
    write('services/a/x', '2');
    commit('first of a');
    write('services/b/x', '1');
    commit('of b');
    write('arc.yaml', 'x');
    commit('of all');
    const commits = await listCommits({
      root,
      signal,
      since: 'a/v1.0.0',
      paths: ['services/a', 'arc.yaml'],
    });
    expect(commits.map(({ subject, author }) => [subject, author])).toEqual([
      ['of all', 'A'],
      ['first of a', 'A'],
    ]);
  });
});
