import { randomUUID } from 'node:crypto';
import type { AwsClient } from 'aws4fetch';
import { ask, putBackMilliseconds, type Reply } from '../../core/probes/ask.ts';
import type { ProbeKind } from '../../core/probes/probe.ts';
import { type Bucket, bucketAt } from './bucket.ts';

/** Puts a small object into the bucket, gets it back and deletes it, as LiveKit egress would: path style, signed. */
export const askBucket: ProbeKind['ask'] = ({ fields, address, timeoutMilliseconds, signal }) => {
  const bucket = bucketAt({ fields, address });
  return ask({
    question: `put, get and delete in ${bucket.url}`,
    timeoutMilliseconds,
    signal,
    run: (over) => roundTrip(bucket, over),
  });
};

async function roundTrip(bucket: Bucket, signal: AbortSignal): Promise<Reply> {
  const { client } = bucket;
  const key = `.arc-health/${randomUUID()}`;
  const url = `${bucket.url}/${key}`;
  const remove = (over: AbortSignal) => client.fetch(url, { method: 'DELETE', signal: over });
  try {
    const reply = await putAndGet({ client, url, content: `written by arc health, ${key}`, signal });
    const removed = await remove(signal);
    return reply.ok && !removed.ok ? refused('delete', removed) : reply;
  } catch (cause) {
    // The object may exist all the same.
    await remove(AbortSignal.timeout(putBackMilliseconds)).catch(() => undefined);
    throw cause;
  }
}

async function putAndGet(options: {
  client: AwsClient;
  url: string;
  content: string;
  signal: AbortSignal;
}): Promise<Reply> {
  const { client, url, content, signal } = options;
  const put = await client.fetch(url, { method: 'PUT', body: content, signal });
  if (!put.ok) return refused('put', put);
  const got = await client.fetch(url, { signal });
  if (!got.ok) return refused('get', got);
  if ((await got.text()) !== content) return { ok: false, came: 'the object came back with other contents' };
  return { ok: true, came: `${content.length} bytes came back` };
}

/** The status and S3's own code: `put refused, 404 NoSuchBucket`. */
async function refused(step: string, response: Response): Promise<Reply> {
  const code = /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1] ?? response.statusText;
  return { ok: false, came: `${step} refused, ${response.status} ${code}`.trim() };
}
