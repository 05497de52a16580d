import { explain } from '../../core/probes/ask.ts';
import type { ObjectQuestion, ObjectsRemoved } from '../recordings.ts';
import { type Bucket, bucketAt, bucketProbes, objectUrl } from './bucket.ts';
import { fieldOf, keyOf, type PageStart, readVersions } from './versions.ts';

/** For each request. */
const timeoutMilliseconds = 10_000;

/**
 * Removes objects with all of their versions, from the buckets that a storage's probes name.
 *
 * @throws Error where the storage refuses, or does not answer; what was removed before stays so
 */
export async function removeObjects(question: ObjectQuestion): Promise<ObjectsRemoved> {
  const { server, reach, signal } = question;
  const removed = new Set<string>();
  const named = new Set<string>();
  for (const { at, fields } of bucketProbes(server)) {
    await using address = await reach(at, signal);
    await removeIn({ bucket: bucketAt({ fields, address }), question, removed, named });
  }
  return { removed: [...removed], named: [...named] };
}

async function removeIn(options: {
  bucket: Bucket;
  question: ObjectQuestion;
  removed: Set<string>;
  named: Set<string>;
}): Promise<void> {
  const { bucket, question, removed, named } = options;
  const limited = () => AbortSignal.any([question.signal, AbortSignal.timeout(timeoutMilliseconds)]);
  let from: PageStart | undefined = {};
  while (from !== undefined) {
    const page = await readVersions({ ...bucket, from, signal: limited() });
    for (const version of page?.versions ?? []) {
      const key = keyOf(version);
      const verdict = question.judge(key);
      if (verdict === 'name') named.add(key);
      if (verdict !== 'remove') continue;
      await removeVersion({ bucket, key, id: fieldOf(version, 'VersionId'), signal: limited() });
      removed.add(key);
    }
    from = page?.next;
  }
}

async function removeVersion(options: {
  bucket: Bucket;
  key: string;
  id: string | undefined;
  signal: AbortSignal;
}): Promise<void> {
  const { bucket, key, id, signal } = options;
  const version = id === undefined ? '' : `?versionId=${encodeURIComponent(id)}`;
  const response = await bucket.client
    .fetch(`${objectUrl(bucket, key)}${version}`, { method: 'DELETE', signal })
    .catch((cause: unknown) => {
      throw new Error(`the storage did not remove ${key} (${explain(cause)})`, { cause });
    });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`the storage did not remove ${key}: it answers ${response.status}`);
}
