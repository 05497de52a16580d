import { S3Client } from '@aws-sdk/client-s3';
import type { AwsClient } from 'aws4fetch';
import { type Fields, secretField, textField } from '../../../core/data.ts';
import { origin, type SocketAddress } from '../../../core/socket-address.ts';
import { signerOf } from '../bucket.ts';

/** The way into an S3 server, with its administrator's keys. */
export type BucketServer = {
  /** Role of the server's container, for messages. */
  role: string;
  s3: S3Client;
  /** For counts, which probes make as well. */
  signer: AwsClient;
  origin: string;
};

/** Time limit for one call, so that a hanging server does not use up the boot's deadline. */
export const callMilliseconds = 10_000;

/**
 * Nothing is connected before the first call.
 *
 * @param options.fields of an s3 probe of the server, which holds its keys
 */
export function openBucketServer(options: {
  role: string;
  fields: Fields;
  address: SocketAddress;
}): BucketServer {
  const { role, fields, address } = options;
  const s3 = new S3Client({
    endpoint: origin(address),
    region: textField(fields, 'region'),
    forcePathStyle: true,
    credentials: {
      accessKeyId: secretField(fields, 'access_key').reveal(),
      secretAccessKey: secretField(fields, 'secret_key').reveal(),
    },
    // A failure is reported, not tried again: the server has just said that it is ready.
    maxAttempts: 1,
  });
  return { role, s3, signer: signerOf(fields), origin: origin(address) };
}
