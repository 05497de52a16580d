import { S3Client } from '@aws-sdk/client-s3';
import type { AwsClient } from 'aws4fetch';
import { type Address, origin } from '../../../core/address.ts';
import { type S3Probe, s3Client } from '../probe.ts';

/** The way into an S3 server, with its administrator's keys. */
export type BucketServer = {
  /** Its role, for messages. */
  role: string;
  s3: S3Client;
  /** For what is not part of S3: MinIO's quotas. */
  admin: AwsClient;
  origin: string;
};

/** For one call. What a server that hangs costs a boot is this, and not the boot's whole deadline. */
export const callMilliseconds = 10_000;

/**
 * Nothing is connected before the first call.
 *
 * @param options.access the keys, as the checks of the server's manifest have them
 */
export function openBucketServer(options: { access: S3Probe; address: Address }): BucketServer {
  const { access, address } = options;
  const s3 = new S3Client({
    endpoint: origin(address),
    region: access.region,
    forcePathStyle: true,
    credentials: {
      accessKeyId: access.accessKey.reveal(),
      secretAccessKey: access.secretKey.reveal(),
    },
    // A failure is reported, not tried again: the server has just said that it is ready.
    maxAttempts: 1,
  });
  return { role: access.at.role, s3, admin: s3Client(access), origin: origin(address) };
}
