import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { S3Settings } from './config.ts';

/** S3 takes no smaller parts, but for the last. Bytes. */
const partSize = 8 * 1024 * 1024;
/** Parts of one upload; S3's limit. A recording that would need more has larger ones. */
const mostParts = 10_000;
/** Until a request without an answer counts as failed. Milliseconds. */
const requestLimit = 60_000;

/** Where something was put, and how long it is there. */
export type Uploaded = { location: string; size: number };

/**
 * Sends a file, in parts where it is large, and looks whether all of it is there. Each request is tried three times by itself;
 * whoever calls decides how often the whole of it is.
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

async function sendInParts(options: {
  client: S3Client;
  target: { Bucket: string; Key: string };
  file: string;
  size: number;
  contentType: string;
  signal: AbortSignal;
}): Promise<void> {
  const { client, target, file, size, contentType, signal } = options;
  const sending = { abortSignal: signal };
  const length = Math.max(partSize, Math.ceil(size / mostParts));
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ ...target, ContentType: contentType }),
    sending,
  );
  try {
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    for (let start = 0, PartNumber = 1; start < size; start += length, PartNumber += 1) {
      const ContentLength = Math.min(length, size - start);
      const Body = await bytesOf(file, start, ContentLength);
      const part = { ...target, UploadId, PartNumber, Body, ContentLength };
      const { ETag } = await client.send(new UploadPartCommand(part), sending);
      Parts.push({ PartNumber, ETag });
    }
    await client.send(
      new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }),
      sending,
    );
  } catch (cause) {
    // What was sent of it would be kept, and paid for.
    await client
      .send(new AbortMultipartUploadCommand({ ...target, UploadId }), {
        abortSignal: AbortSignal.timeout(5_000),
      })
      .catch(() => {});
    throw cause;
  }
}

/** A buffer, and no stream, so that a request can be tried again. */
async function bytesOf(file: string, start: number, length: number): Promise<Buffer> {
  if (length === 0) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(file, { start, end: start + length - 1 })) chunks.push(chunk);
  return Buffer.concat(chunks);
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
