import { failed } from '../../../core/errors.ts';
import type { BucketServer } from './client.ts';
import { askSigned, type SignedRequest } from './signed.ts';

/**
 * MinIO's quotas, which are not part of S3: its admin API with an ordinary signature, as its own client uses it
 * (madmin-go, `SetBucketQuota` and `GetBucketQuota`).
 *
 * @returns bytes, 0 where there is none; undefined if the server has no such API
 */
export async function readQuota(options: {
  server: BucketServer;
  bucket: string;
  signal: AbortSignal;
}): Promise<number | undefined> {
  const { server, bucket, signal } = options;
  const request = { method: 'GET', ...callOf('get-bucket-quota', bucket) } as const;
  const { status, text } = await askSigned({ server, request, signal });
  if (isDone(status)) {
    const { quota = 0, size = 0 } = JSON.parse(text) as { quota?: number; size?: number };
    return Math.max(quota, size);
  }
  if (status === 404 && text.includes('NoSuchBucketQuota')) return 0;
  return undefined;
}

/** @throws ArcError `no-quota` if the server knows no quotas */
export async function writeQuota(options: {
  server: BucketServer;
  bucket: string;
  bytes: number;
  signal: AbortSignal;
}): Promise<void> {
  const { server, bucket, bytes, signal } = options;
  const body = JSON.stringify({ quota: bytes, size: bytes, quotatype: 'hard' });
  const request = { method: 'PUT', ...callOf('set-bucket-quota', bucket), body } as const;
  const { status } = await askSigned({ server, request, signal });
  if (isDone(status)) return;
  throw failed({
    code: 'no-quota',
    message: `${server.role} sets no quota on the bucket ${bucket}: it answered ${status}.`,
    suggestion: 'remove `quota` where the bucket is declared; only MinIO has quotas',
  });
}

function callOf(call: string, bucket: string): Pick<SignedRequest, 'path' | 'query'> {
  return { path: `/minio/admin/v3/${call}`, query: { bucket } };
}

function isDone(status: number): boolean {
  return status >= 200 && status < 300;
}
