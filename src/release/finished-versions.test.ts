import { dirname } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GitRepository, gitRepository } from '../../tests/fixtures/git-repository.ts';
import { finishedVersions } from './finished-versions.ts';

let repository: GitRepository;
let root: string;
const git: GitRepository['git'] = (...args) => repository.git(...args);
const ask = async (...versions: readonly string[]) => {
  const ofCache = finishedVersions({ git: { root, signal: new AbortController().signal }, service: 'cache' });
  const finished = await ofCache(versions);
  return finished && [...finished].sort();
};

beforeEach(() => {
  repository = gitRepository({ remote: true });
  root = repository.root;
  repository.commit();
});
afterEach(() => repository.remove());

describe('the versions that were finished', () => {
  it('are those with a git tag of the service, in this clone or in the remote repository', async () => {
    for (const tag of ['cache/v0.1.0', 'cache/v0.2.0', 'cacher/v0.3.0', 'v0.3.0']) git('tag', tag);
    git('push', '--quiet', '--tags', 'origin');
    git('tag', '--delete', 'cache/v0.2.0');
    git('tag', 'cache/v0.4.0');
    expect(await ask('v0.1.0', 'v0.2.0', 'v0.3.0')).toEqual(['v0.1.0', 'v0.2.0', 'v0.4.0']);
  });

  it('are told by this clone alone where it has all of them, or no remote repository', async () => {
    git('tag', 'cache/v0.1.0');
    git('remote', 'set-url', 'origin', `${repository.origin}-elsewhere`);
    expect(await ask('v0.1.0')).toEqual(['v0.1.0']);
    git('remote', 'remove', 'origin');
    expect(await ask('v0.1.0', 'v0.2.0')).toEqual(['v0.1.0']);
  });

  it('cannot be told without a tag of the service, without the remote repository, and outside of git', async () => {
    git('tag', 'realtime/v0.1.0');
    expect(await ask('v0.1.0')).toBeUndefined();
    git('tag', 'cache/v0.1.0');
    git('remote', 'set-url', 'origin', `${repository.origin}-elsewhere`);
    expect(await ask('v0.1.0', 'v0.2.0')).toBeUndefined();
    root = dirname(repository.root);
    expect(await ask('v0.1.0')).toBeUndefined();
  });
});
