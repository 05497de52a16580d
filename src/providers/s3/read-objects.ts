import { explain } from '../../core/probes/ask.ts';
import type { ReadObjects } from '../recordings.ts';
import { bucketAt, bucketProbes, objectUrl } from './bucket.ts';

/** For each request: a playlist of a whole day has 2 MB. */
const timeoutMilliseconds = 10_000;

/**
 * Reads the newest versions of objects, from the buckets that a storage's probes name.
 *
 * @throws Error where the storage refuses, or does not answer
 */
export const readObjects: ReadObjects = async (question) => {
  const { server, reach, signal, keys } = question;
  const texts = new Map<string, string[]>();
  if (keys.length === 0) return texts;
  for (const { at, fields } of bucketProbes(server)) {
    await using address = await reach(at, signal);
    const bucket = bucketAt({ fields, address });
    for (const key of keys) {
      const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]);
      const { status, text } = await bucket.client
        .fetch(objectUrl(bucket, key), { signal: limited })
        .then(async (response) => ({ status: response.status, text: await response.text() }))
        .catch((cause: unknown) => {
          throw new Error(`the storage did not answer with ${key} (${explain(cause)})`, { cause });
        });
      if (status === 404) continue;
      if (status !== 200) throw new Error(`the storage did not answer with ${key}: it answers ${status}`);
      texts.set(key, [...(texts.get(key) ?? []), text]);
    }
  }
  return texts;
};
