import { randomUUID } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import type { Probe } from '../stack/model.ts';
import { ask, origin, type Reply } from './ask.ts';
import type { Prober } from './probe.ts';

type S3Probe = Extract<Probe, { kind: 's3' }>;

/** Puts a small object into the bucket, gets it back and deletes it, as LiveKit egress would: path style, signed. */
export const s3Prober: Prober<S3Probe> = ({ probe, timeoutMilliseconds, signal }) =>
  ask({
    question: `put, get and delete in ${origin(probe)}/${probe.bucket}`,
    timeoutMilliseconds,
    signal,
    run: (over) => roundTrip(probe, over),
  });

async function roundTrip(probe: S3Probe, signal: AbortSignal): Promise<Reply> {
  const client = new AwsClient({
    accessKeyId: probe.accessKey.reveal(),
    secretAccessKey: probe.secretKey.reveal(),
    service: 's3',
    region: probe.region,
    // One question gets one answer: a failure is reported, not tried again.
    retries: 0,
  });
  const key = `.arc-health/${randomUUID()}`;
  const url = `${origin(probe)}/${probe.bucket}/${key}`;
  const content = `written by arc health, ${key}`;
  const put = await client.fetch(url, { method: 'PUT', body: content, signal });
  if (!put.ok) return refused('put', put);
  const got = await client.fetch(url, { signal });
  const text = await got.text();
  const deleted = await client.fetch(url, { method: 'DELETE', signal });
  if (!got.ok) return refused('get', got);
  if (text !== content) return { ok: false, came: 'what was got is not what was put' };
  if (!deleted.ok) return refused('delete', deleted);
  return { ok: true, came: `${content.length} bytes came back` };
}

/** The status and S3's own code: `put refused, 404 NoSuchBucket`. */
async function refused(step: string, response: Response): Promise<Reply> {
  const text = response.bodyUsed ? '' : await response.text();
  const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? response.statusText;
  return { ok: false, came: `${step} refused, ${response.status} ${code}`.trim() };
}
