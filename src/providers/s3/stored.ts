import type { AwsClient } from 'aws4fetch';
import { fieldOf, type PageStart, readVersions } from './versions.ts';

/** The contents of a bucket. A bucket that is removed loses the earlier versions of its objects, too. */
export type Stored = {
  /** Current objects. */
  count: number;
  /** Versions that an object had before, or had when it was deleted. */
  earlier: number;
  /** Of all of them. */
  bytes: number;
  /** Counting stopped early. */
  more: boolean;
  /** When the last of them was written; absent if the bucket is empty. */
  newest?: Date;
};

/** 10,000 versions: a number that says enough, in about a second. */
const mostPages = 10;

/**
 * Counts what is in a bucket, versions included. A storage without versions lists each object as the only one.
 *
 * @param options.url of the bucket
 * @returns nothing if there is no such bucket
 * @throws if the storage does not answer, or refuses
 */
export async function countStored(options: {
  client: AwsClient;
  url: string;
  signal: AbortSignal;
}): Promise<Stored | undefined> {
  const { client, url, signal } = options;
  const sum: Stored = { count: 0, earlier: 0, bytes: 0, more: false };
  let from: PageStart = {};
  for (let page = 0; page < mostPages; page += 1) {
    const found = await readVersions({ client, url, from, signal });
    if (found === undefined) return undefined;
    for (const version of found.versions) add(sum, version);
    if (found.next === undefined) return sum;
    from = found.next;
  }
  return { ...sum, more: true };
}

export function isEmpty({ count, earlier }: Stored): boolean {
  return count + earlier === 0;
}

function add(sum: Stored, version: string): void {
  if (fieldOf(version, 'IsLatest') === 'false') sum.earlier += 1;
  else sum.count += 1;
  sum.bytes += Number(fieldOf(version, 'Size') ?? 0);
  const written = new Date(fieldOf(version, 'LastModified') ?? Number.NaN);
  if (Number.isNaN(written.getTime())) return;
  if (sum.newest === undefined || written > sum.newest) sum.newest = written;
}
