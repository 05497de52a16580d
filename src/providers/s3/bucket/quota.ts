import { failed } from '../../../core/errors.ts';
import type { BucketServer } from './client.ts';

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
  const response = await server.signer.fetch(urlOf(server, 'get-bucket-quota', bucket), { signal });
  const text = await response.text();
  if (response.ok) {
    const { quota = 0, size = 0 } = JSON.parse(text) as { quota?: number; size?: number };
    return Math.max(quota, size);
  }
  if (response.status === 404 && text.includes('NoSuchBucketQuota')) return 0;
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
  const response = await server.signer.fetch(urlOf(server, 'set-bucket-quota', bucket), {
    method: 'PUT',
    body: JSON.stringify({ quota: bytes, size: bytes, quotatype: 'hard' }),
    signal,
  });
  if (response.ok) return;
  throw failed({
    code: 'no-quota',
    message: `${server.role} sets no quota on the bucket ${bucket}: it answered ${response.status}.`,
    suggestion: 'remove `quota` where the bucket is declared; only MinIO has quotas',
  });
}

function urlOf(server: BucketServer, call: string, bucket: string): string {
  return `${server.origin}/minio/admin/v3/${call}?${new URLSearchParams({ bucket })}`;
}
