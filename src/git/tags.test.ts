import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type GitRepository, gitRepository } from '../../tests/fixtures/git-repository.ts';
import { localTags, makeTag, parseListing, pushTag, readRemote } from './tags.ts';

let repository: GitRepository;
let root: string;
const signal = new AbortController().signal;
const git: GitRepository['git'] = (...args) => repository.git(...args);
const commit = (text: string) => {
  repository.write('file', text);
  return repository.commit(text);
};

beforeEach(() => {
  repository = gitRepository({ remote: true });
  root = repository.root;
});
afterEach(() => repository.remove());

describe('tags', () => {
  test('are read with the commit that they stand for, annotated or not', async () => {
    const first = commit('1');
    git('tag', 'realtime/v0.1.0');
    await makeTag({ root, signal, name: 'realtime/v0.2.0', commit: first, message: 'second' });
    git('tag', 'cache/v0.1.0');
    expect(await localTags({ root, signal, prefix: 'realtime/v' })).toEqual([
      { name: 'realtime/v0.1.0', commit: first },
      { name: 'realtime/v0.2.0', commit: first },
    ]);
  });

  test('of the remote repository are those that were pushed', async () => {
    const first = commit('1');
    git('push', '--quiet', 'origin', 'HEAD');
    await makeTag({ root, signal, name: 'realtime/v0.1.0', commit: first, message: 'first' });
    const state = () => readRemote({ root, signal, prefix: 'realtime/v', commit: first });
    expect((await state()).tags).toEqual([]);
    await pushTag({ root, signal, name: 'realtime/v0.1.0' });
    expect((await state()).tags).toEqual([{ name: 'realtime/v0.1.0', commit: first }]);
  });

  test('in a listing take the commit of an annotated one', () => {
    expect(
      parseListing('1\tHEAD\n1\trefs/heads/main\n2\trefs/tags/a/v1\n1\trefs/tags/a/v1^{}\n3\trefs/tags/b'),
    ).toEqual({
      tags: [
        { name: 'a/v1', commit: '1' },
        { name: 'b', commit: '3' },
      ],
      objects: ['1', '1', '2', '1', '3'],
    });
  });
});

describe('the remote repository', () => {
  const has = async (hash: string) => (await readRemote({ root, signal, prefix: 'x', commit: hash })).hasHead;

  test('has a commit once it is pushed, also when others came after it', async () => {
    const first = commit('1');
    expect(await has(first)).toBe(false);
    git('push', '--quiet', 'origin', 'HEAD');
    expect(await has(first)).toBe(true);
    const second = commit('2');
    expect(await has(second)).toBe(false);
    git('push', '--quiet', 'origin', 'HEAD');
    expect(await has(first)).toBe(true);
  });

  test('that cannot be reached is an error in git’s own words, without the login in its address', async () => {
    const first = commit('1');
    git('remote', 'set-url', 'origin', 'https://someone:s3cret@127.0.0.1:1/o/r.git');
    const failure = await readRemote({ root, signal, prefix: 'x', commit: first }).catch((error) => error);
    expect(failure).toMatchObject({ code: 'git-failed', status: 1 });
    expect(JSON.stringify(failure.problems)).not.toContain('s3cret');
    expect(JSON.stringify(failure.problems)).toContain('127.0.0.1');
  });
});
