import { stat } from 'node:fs/promises';
import { HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Settings } from './config.ts';
import { bytesOf, partSize, sendInParts } from './multipart.ts';

/** Until a request without an answer counts as failed. Milliseconds. */
const requestLimit = 60_000;

/** Where something was put, and how long it is there. */
export type Uploaded = { location: string; size: number };

/**
 * Sends a file, in parts where it is large, and looks whether all of it is there. Each request is tried three times by itself;
 * whoever calls decides how often the whole of it is, of which the parts that are there already are not sent again.
 *
 * @throws what the storage said last
 */
export async function uploadFile(options: {
  s3: S3Settings;
  key: string;
  file: string;
  contentType: string;
  signal: AbortSignal;
}): Promise<Uploaded> {
  const { s3, key, file, contentType, signal } = options;
  const { size } = await stat(file);
  const client = clientOf(s3);
  const target = { Bucket: s3.bucket, Key: key };
  const sending = { abortSignal: signal };
  try {
    if (size <= partSize) {
      const Body = await bytesOf(file, 0, size);
      const put = { ...target, Body, ContentLength: size, ContentType: contentType };
      await client.send(new PutObjectCommand(put), sending);
    } else {
      await sendInParts({ client, target, file, size, contentType, signal });
    }
    const { ContentLength } = await client.send(new HeadObjectCommand(target), sending);
    if (ContentLength !== size)
      throw new Error(`the object has ${ContentLength} bytes where the file has ${size}`);
    return { location: locationOf(s3, key), size };
  } finally {
    client.destroy();
  }
}

function clientOf(s3: S3Settings): S3Client {
  const { accessKey, secret, sessionToken, region, endpoint, forcePathStyle } = s3;
  return new S3Client({
    region,
    forcePathStyle,
    ...(endpoint ? { endpoint } : {}),
    ...(accessKey && secret
      ? {
          credentials: {
            accessKeyId: accessKey,
            secretAccessKey: secret,
            ...(sessionToken ? { sessionToken } : {}),
          },
        }
      : {}),
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 5_000, requestTimeout: requestLimit },
  });
}

/** As upstream names it (livekit/storage, `s3.go`). */
export function locationOf(s3: S3Settings, key: string): string {
  const host = (s3.endpoint ?? 's3.amazonaws.com').replace(/^https?:\/\//, '');
  const path = key.split('/').map(encodeURIComponent).join('/');
  return s3.forcePathStyle ? `https://${host}/${s3.bucket}/${path}` : `https://${s3.bucket}.${host}/${path}`;
}
