import { randomUUID } from 'node:crypto';
import { AwsClient } from 'aws4fetch';
import { type Address, origin } from '../../core/address.ts';
import { ask, putBackMilliseconds, type Reply } from '../../core/probes/ask.ts';
import type { PortProber } from '../../core/probes/probe.ts';
import type { Probe } from '../../stack/model.ts';

export type S3Probe = Extract<Probe, { kind: 's3' }>;

/** Puts a small object into the bucket, gets it back and deletes it, as LiveKit egress would: path style, signed. */
export const s3Prober: PortProber<S3Probe> = ({ probe, address, timeoutMilliseconds, signal }) =>
  ask({
    question: `put, get and delete in ${origin(address)}/${probe.bucket}`,
    timeoutMilliseconds,
    signal,
    run: (over) => roundTrip({ probe, address, signal: over }),
  });

async function roundTrip(options: { probe: S3Probe; address: Address; signal: AbortSignal }): Promise<Reply> {
  const { probe, address, signal } = options;
  const client = s3Client(probe);
  const key = `.arc-health/${randomUUID()}`;
  const url = `${origin(address)}/${probe.bucket}/${key}`;
  const remove = (over: AbortSignal) => client.fetch(url, { method: 'DELETE', signal: over });
  try {
    const reply = await putAndGet({ client, url, content: `written by arc health, ${key}`, signal });
    const removed = await remove(signal);
    return reply.ok && !removed.ok ? refused('delete', removed) : reply;
  } catch (cause) {
    // It may be there all the same.
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
  if ((await got.text()) !== content) return { ok: false, came: 'what was got is not what was put' };
  return { ok: true, came: `${content.length} bytes came back` };
}

/** One question gets one answer: a failure is reported, not tried again. */
export function s3Client({ accessKey, secretKey, region }: S3Probe): AwsClient {
  return new AwsClient({
    accessKeyId: accessKey.reveal(),
    secretAccessKey: secretKey.reveal(),
    service: 's3',
    region,
    retries: 0,
  });
}

/** The status and S3's own code: `put refused, 404 NoSuchBucket`. */
async function refused(step: string, response: Response): Promise<Reply> {
  const code = /<Code>(\w+)<\/Code>/.exec(await response.text())?.[1] ?? response.statusText;
  return { ok: false, came: `${step} refused, ${response.status} ${code}`.trim() };
}
