import { expect, test } from 'vitest';
import { testContainer } from '../../../tests/fixtures/stacks.ts';
import { dataProblem } from './data-rights.ts';
import type { Ownership } from './tar-owners.ts';

const container = testContainer({
  role: 'storage',
  volumes: [{ volume: 'arc-storage-data', target: '/data' }],
});

function problemOf(...owners: Ownership[]) {
  return dataProblem({ engine: { listOwners: async () => owners }, container, look: 'contents' });
}

const own = { path: 'data/', uid: 65_532, gid: 65_532, mode: 0o755 };

test('data of another user is named with its owner, the user of the container and what mends it', async () => {
  expect(await problemOf({ ...own, uid: 0, gid: 0 })).toEqual({
    code: 'data-owner',
    message:
      'The data in arc-storage-data belongs to 0:0, and arc-storage runs as 65532:65532, which may not write to it.',
    detail: ['/data has mode 0755'],
    suggestion:
      'sudo chown -R 65532:65532 "$(docker volume inspect --format \'{{.Mountpoint}}\' arc-storage-data)", then arc up storage',
  });
});

test('a file below a folder that is right is found too', async () => {
  const problem = await problemOf(own, {
    path: 'data/.minio.sys/format.json',
    uid: 999,
    gid: 999,
    mode: 0o644,
  });
  expect(problem?.detail).toEqual(['/data/.minio.sys/format.json has mode 0644']);
});

test('what is in a folder that is right does not keep a container from being started', async () => {
  const owners = [own, { path: 'data/lost+found/', uid: 0, gid: 0, mode: 0o700 }];
  const engine = { listOwners: async () => owners };
  expect(await dataProblem({ engine, container, look: 'folder' })).toBeUndefined();
});

test('data that the user, its group or everybody may write to is no problem', async () => {
  expect(await problemOf(own)).toBeUndefined();
  expect(await problemOf({ ...own, uid: 0, mode: 0o775 })).toBeUndefined();
  expect(await problemOf({ ...own, uid: 0, gid: 0, mode: 0o777 })).toBeUndefined();
});

test('an Engine that does not say is no problem', async () => {
  const engine = { listOwners: () => Promise.reject(new Error('not there')) };
  expect(await dataProblem({ engine, container, look: 'folder' })).toBeUndefined();
});
