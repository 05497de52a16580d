import { type Address, origin } from '../../core/address.ts';
import { type S3Probe, s3Client } from './probe.ts';

/** What is in a bucket. */
export type StoredObjects = {
  count: number;
  bytes: number;
  /** When the newest was written; absent where there is none. */
  newest?: Date;
  /** There are more than were counted. */
  more: boolean;
};

/** 10,000 objects: a number that says enough, in about a second. */
const mostPages = 10;

/**
 * Counts what is in a bucket.
 *
 * @param options.timeoutMilliseconds for the whole count
 * @returns nothing where the storage does not answer in time, or there is no such bucket
 */
export async function countObjects(options: {
  storage: S3Probe;
  address: Address;
  timeoutMilliseconds: number;
  signal: AbortSignal;
}): Promise<StoredObjects | undefined> {
  const { timeoutMilliseconds, signal } = options;
  const over = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
  return await count({ ...options, signal: over }).catch(() => undefined);
}

async function count(options: {
  storage: S3Probe;
  address: Address;
  signal: AbortSignal;
}): Promise<StoredObjects | undefined> {
  const { storage, address, signal } = options;
  const client = s3Client(storage);
  const sum: StoredObjects = { count: 0, bytes: 0, more: false };
  let from: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const query = new URLSearchParams({ 'list-type': '2', ...(from && { 'continuation-token': from }) });
    const response = await client.fetch(`${origin(address)}/${storage.bucket}?${query}`, { signal });
    if (!response.ok) return undefined;
    // A name that looks like markup is escaped in the answer.
    const text = await response.text();
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
