import type { Stored } from './bucket/model.ts';
import type { Bucket } from './bucket.ts';

/** The current objects of a bucket, and when the newest was written; absent if there is none. */
export type StoredObjects = Stored & { newest?: Date };

/** 10,000 objects: a number that says enough, in about a second. */
const mostPages = 10;

/**
 * Counts the objects in a bucket.
 *
 * @returns undefined if there is no such bucket
 * @throws if the storage does not answer, or refuses
 */
export async function countObjects(options: {
  bucket: Bucket;
  signal: AbortSignal;
}): Promise<StoredObjects | undefined> {
  const { bucket, signal } = options;
  const sum: StoredObjects = { count: 0, bytes: 0, more: false };
  let from: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const query = new URLSearchParams({ 'list-type': '2', ...(from && { 'continuation-token': from }) });
    const response = await bucket.client.fetch(`${bucket.url}?${query}`, { signal });
    // A name that looks like markup is escaped in the answer.
    const text = await response.text();
    if (response.status === 404) return undefined;
    if (!response.ok) throw new Error(`the storage answers ${response.status}`);
    for (const size of valuesOf(text, 'Size')) {
      sum.count += 1;
      sum.bytes += Number(size);
    }
    for (const time of valuesOf(text, 'LastModified')) {
      const written = new Date(time);
      if (sum.newest === undefined || written > sum.newest) sum.newest = written;
    }
    [from] = valuesOf(text, 'NextContinuationToken');
    if (from === undefined) return sum;
  }
  return { ...sum, more: true };
}

function valuesOf(text: string, field: string): string[] {
  return Array.from(
    text.matchAll(new RegExp(`<${field}>([^<]*)</${field}>`, 'g')),
    ([, value = '']) => value,
  );
}
