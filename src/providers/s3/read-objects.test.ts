import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { Secret } from '../../core/secret.ts';
import { lasting } from '../../core/socket-address.ts';
import { readObjects } from './read-objects.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** What is read from two buckets, of which the storage has these objects. */
async function read(options: {
  has: Readonly<Record<string, string>>;
  keys: readonly string[];
  status?: number;
}) {
  const { has, keys, status } = options;
  const server = createServer(({ url = '' }, response) => {
    const text = has[url];
    response.writeHead(status ?? (text === undefined ? 404 : 200)).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const probe = (bucket: string) => ({
    at: { role: 'storage', port: 's3' },
    fields: {
      access_key: new Secret('the-access-key'),
      secret_key: new Secret('the-secret-key'),
      bucket,
      region: 'us-east-1',
    },
    needs: [],
  });
  return await readObjects({
    server: {
      role: 'storage',
      name: 'arc-storage',
      probes: [probe('recordings'), probe('recordings'), probe('more')],
    },
    reach: async () => lasting({ host: '127.0.0.1', port }),
    signal: new AbortController().signal,
    keys,
  });
}

it('reads objects from each bucket, and passes over those that are not there', async () => {
  const has = { '/recordings/a%20b/list.m3u8': 'one', '/more/a%20b/list.m3u8': 'two', '/more/c': 'three' };
  expect(await read({ has, keys: ['a b/list.m3u8', 'c', 'd'] })).toEqual(
    new Map([
      ['a b/list.m3u8', ['one', 'two']],
      ['c', ['three']],
    ]),
  );
});

it('says which object the storage refuses', async () => {
  await expect(read({ has: {}, keys: ['c'], status: 403 })).rejects.toThrow(
    'the storage did not answer with c: it answers 403',
  );
});
