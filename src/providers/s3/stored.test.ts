import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsClient } from 'aws4fetch';
import { afterEach, expect, test } from 'vitest';
import { countStored } from './stored.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Counts in a storage whose answers come page by page. */
async function count(pages: readonly string[]) {
  const asked: Record<string, string>[] = [];
  const server = createServer((request, response) => {
    asked.push(Object.fromEntries(new URL(request.url ?? '', 'http://storage').searchParams));
    response.end(pages[asked.length - 1] ?? pages.at(-1));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  closing.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const client = new AwsClient({ accessKeyId: 'a', secretAccessKey: 'b', service: 's3', retries: 0 });
  const { signal } = new AbortController();
  return { asked, stored: await countStored({ client, url: `http://127.0.0.1:${port}/recordings`, signal }) };
}

const one =
  '<Version><Key>a+%26+b</Key><Size>5</Size><IsLatest>true</IsLatest><LastModified>2026-01-02T00:00:00Z</LastModified></Version>';
const former = one.replace('true', 'false').replace('2026', '2025');
const page = (text: string, next = '') => `<ListVersionsResult>${next}${text}</ListVersionsResult>`;
const next =
  '<IsTruncated>true</IsTruncated><NextKeyMarker>a+%26+b</NextKeyMarker><NextVersionIdMarker>v1</NextVersionIdMarker>';

test('a count goes on after the last version of a page, whatever characters its key has', async () => {
  const { asked, stored } = await count([page(one, next), page(former)]);
  expect(stored).toEqual({
    ...{ count: 1, earlier: 1, bytes: 10, more: false },
    newest: new Date('2026-01-02T00:00:00Z'),
  });
  const always = { versions: '', 'encoding-type': 'url' };
  expect(asked).toEqual([always, { ...always, 'key-marker': 'a & b', 'version-id-marker': 'v1' }]);
});

test('a count ends after ten pages, and says that there is more', async () => {
  const { asked, stored } = await count([page(one, next)]);
  expect(asked).toHaveLength(10);
  expect(stored).toMatchObject({ count: 10, more: true });
});
