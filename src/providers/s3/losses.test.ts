import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { Secret } from '../../core/secret.ts';
import { lasting } from '../../core/socket-address.ts';
import { objectsLost } from './losses.ts';

const fields = {
  access_key: new Secret('the-access-key'),
  secret_key: new Secret('the-secret-key'),
  bucket: 'recordings',
  region: 'us-east-1',
};

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** What is said to be lost where the storage answers so, or does not answer. */
async function lost(options: { status?: number; body?: string; removes?: readonly string[] }) {
  const { status, body = '', removes = ['storage'] } = options;
  const server = createServer((_, response) => response.writeHead(status ?? 200).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  const close = (): void => void server.close();
  if (status === undefined) close();
  else closing.push(close);
  const losses = await objectsLost({
    server: {
      role: 'storage',
      name: 'arc-storage',
      probes: [{ at: { role: 'storage', port: 's3' }, fields, needs: [] }],
    },
    stops: new Set(['storage']),
    removes: new Set(removes),
    reach: async () => lasting({ host: '127.0.0.1', port }),
    signal: new AbortController().signal,
  });
  return losses.map(({ role, kind, text }) => `${role}, ${kind}: ${text}`);
}

const version = (options: { key: string; time: string; bytes: number; latest: boolean }) =>
  `<Version><Key>${options.key}</Key><LastModified>2026-11-${options.time}:00.000Z</LastModified>` +
  `<Size>${options.bytes}</Size><IsLatest>${options.latest}</IsLatest></Version>`;
const a = version({ key: 'a', time: '29T23:00', bytes: 1_500_000, latest: true });
const b = version({ key: 'b', time: '30T02:00', bytes: 500_000, latest: true });
const listing = `<ListVersionsResult>${a}${b}</ListVersionsResult>`;

describe('what a storage loses whose data is removed', () => {
  test('is the objects of its bucket', async () => {
    expect(await lost({ status: 200, body: listing })).toEqual([
      'storage, data: 2 objects, 2 MB in recordings, the newest of 2026-11-30 02:00 UTC',
    ]);
  });

  test('is their earlier versions, too', async () => {
    const former = version({ key: 'b', time: '28T02:00', bytes: 250_000, latest: false });
    expect(await lost({ status: 200, body: listing.replace(b, b + former) })).toEqual([
      'storage, data: 2 objects and 1 earlier version, 2.25 MB in recordings, the newest of 2026-11-30 02:00 UTC',
    ]);
  });

  test('is what is kept of an object that was deleted', async () => {
    const marker =
      '<DeleteMarker><Key>b</Key><IsLatest>true</IsLatest><LastModified>2026-11-30T09:00:00.000Z</LastModified></DeleteMarker>';
    const former = version({ key: 'b', time: '28T02:00', bytes: 12, latest: false });
    expect(
      await lost({ status: 200, body: `<ListVersionsResult>${marker}${former}</ListVersionsResult>` }),
    ).toEqual(['storage, data: 1 earlier version, 12 B in recordings, the newest of 2026-11-28 02:00 UTC']);
  });

  test('is nothing where the bucket is empty or does not exist', async () => {
    expect(await lost({ status: 200, body: '<ListVersionsResult/>' })).toEqual([]);
    expect(await lost({ status: 404, body: '<Error><Code>NoSuchBucket</Code></Error>' })).toEqual([]);
  });

  test('is unknown where the storage refuses or does not answer, and the reason is given', async () => {
    expect(await lost({ status: 403 })).toEqual([
      'storage, data: an unknown number of objects in recordings (the storage answers 403)',
    ]);
    expect(await lost({})).toEqual([
      'storage, data: an unknown number of objects in recordings (connection refused)',
    ]);
  });

  test('is nothing where it only stops', async () => {
    expect(await lost({ status: 200, body: listing, removes: [] })).toEqual([]);
  });
});
