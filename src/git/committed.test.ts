import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitRepository, gitRepository } from '../../tests/fixtures/git-repository.ts';
import { commitOfTag, committedFiles, findCommit } from './committed.ts';

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

describe('the commit of a tag', () => {
  it('is there with its time, whether the tag is annotated or not, and whatever was committed since', async () => {
    write('a', '1');
    const first = commit();
    git('tag', 'a/v1.0.0');
    git('tag', '--annotate', '--message', 'x', 'a/v1.0.1');
    const epochSeconds = Number(git('log', '-1', '--format=%ct'));
    write('a', '2');
    commit();
    for (const tag of ['a/v1.0.0', 'a/v1.0.1'])
      expect(await commitOfTag({ root, signal, tag })).toEqual({ commit: first, epochSeconds });
  });

  it('is missing where there is no tag, though there is a branch of that name, and outside of a repository', async () => {
    write('a', '1');
    commit();
    git('branch', 'a/v1.0.0');
    expect(await commitOfTag({ root, signal, tag: 'a/v1.0.0' })).toBeUndefined();
    rmSync(join(root, '.git'), { recursive: true });
    expect(await commitOfTag({ root, signal, tag: 'a/v1.0.0' })).toBeUndefined();
  });
});

describe('a commit by its hash', () => {
  it('is there where the clone has it, and nothing that is no whole hash is asked of git', async () => {
    write('a', '1');
    const hash = commit();
    git('tag', 'v1');
    const epochSeconds = Number(git('log', '-1', '--format=%ct'));
    expect(await findCommit({ root, signal, hash })).toEqual({ commit: hash, epochSeconds });
    for (const other of ['f'.repeat(40), hash.slice(0, 12), 'HEAD', 'v1', '--all', ''])
      expect(await findCommit({ root, signal, hash: other }), other).toBeUndefined();
  });
});

describe('the files of a commit', () => {
  it('are as they were committed, byte for byte, and below the folder that was asked', async () => {
    const bytes = Buffer.from([0, 255, 10, 10, 13]);
    write('top', 'outside');
    write('ws/arc.yaml', 'project: before\n');
    write('ws/empty', '');
    write('ws/services/a b/ä.bin', bytes);
    write('ws/services/other.md', 'not wanted');
    const before = commit();
    write('ws/arc.yaml', 'project: after\n');
    commit();
    const files = await committedFiles({
      root: join(root, 'ws'),
      signal,
      commit: before,
      wanted: (path) => !path.endsWith('.md'),
    });
    expect([...files]).toEqual([
      ['arc.yaml', Buffer.from('project: before\n')],
      ['empty', Buffer.alloc(0)],
      ['services/a b/ä.bin', bytes],
    ]);
  });

  it('are an error where the clone has their names but not what is in them', async () => {
    write('a', 'content');
    write('b', 'other');
    const hash = commit();
    const object = git('rev-parse', 'HEAD:a').trim();
    rmSync(join(root, '.git/objects', object.slice(0, 2), object.slice(2)));
    const act = committedFiles({ root, signal, commit: hash, wanted: () => true });
    await expect(act).rejects.toMatchObject({
      code: 'git-failed',
      problems: [{ detail: ['git has no content of a'] }],
    });
  });

  it('cannot be had of a commit that the clone does not have', async () => {
    write('a', '1');
    commit();
    const act = committedFiles({ root, signal, commit: '1'.repeat(40), wanted: () => true });
    await expect(act).rejects.toMatchObject({ code: 'git-failed' });
  });
});
