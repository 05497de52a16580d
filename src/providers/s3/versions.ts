import type { AwsClient } from 'aws4fetch';

/** Where a page of versions begins, as the page before it says. */
export type PageStart = Readonly<Record<string, string>>;

/**
 * Reads a page of the versions in a bucket. A storage without versions lists each object as the only one.
 *
 * @param options.url of the bucket
 * @returns the text of each version, read by {@link fieldOf}, and where the next page begins; nothing if there is no such
 *   bucket
 * @throws if the storage does not answer, or refuses
 */
export async function readVersions(options: {
  client: AwsClient;
  url: string;
  from: PageStart;
  signal: AbortSignal;
}): Promise<{ versions: readonly string[]; next: PageStart | undefined } | undefined> {
  const { client, url, from, signal } = options;
  // Keys come escaped as in a URL: one may have any character, and XML knows not all of them.
  const query = new URLSearchParams({ versions: '', 'encoding-type': 'url', ...from });
  const response = await client.fetch(`${url}?${query}`, { signal });
  const text = await response.text();
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`the storage answers ${response.status}`);
  const versions = [...text.matchAll(/<Version>(.*?)<\/Version>/gs)].map(([, version = '']) => version);
  const key = fieldOf(text, 'NextKeyMarker');
  if (fieldOf(text, 'IsTruncated') !== 'true' || key === undefined) return { versions, next: undefined };
  const id = fieldOf(text, 'NextVersionIdMarker');
  return {
    versions,
    next: { 'key-marker': unescaped(key), ...(id === undefined ? {} : { 'version-id-marker': id }) },
  };
}

/** The key of a version. */
export function keyOf(version: string): string {
  return unescaped(fieldOf(version, 'Key') ?? '');
}

export function fieldOf(text: string, field: string): string | undefined {
  return new RegExp(`<${field}>([^<]+)</${field}>`).exec(text)?.[1];
}

function unescaped(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
}
