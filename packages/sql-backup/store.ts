import type { Readable } from 'node:stream';
import {
  BucketAlreadyOwnedByYou,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  NoSuchBucket,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { Storage } from './config.ts';

/** A bucket, as far as backups need one. */
export type Store = {
  /** Creates the bucket where there is none. */
  ensureBucket: () => Promise<void>;
  /** Uploads a stream of any length; nothing is left of it where that fails. */
  putStream: (options: { key: string; body: Readable; signal?: AbortSignal }) => Promise<void>;
  putText: (key: string, content: string) => Promise<void>;
  get: (key: string) => Promise<Readable>;
  /** @returns nothing where there is no such object */
  getText: (key: string) => Promise<string | undefined>;
  list: (prefix: string) => Promise<readonly { key: string; bytes: number; at: Date }[]>;
  remove: (keys: readonly string[]) => Promise<void>;
};

/**
 * A storage that is away or full must not hold a snapshot of the database open: each request gets this long, and two
 * more tries. Milliseconds.
 */
const limits = { connectionTimeout: 3_000, requestTimeout: 30_000, throwOnRequestTimeout: true };
const attempts = 3;

/** Of a part of an upload: S3 has at most 10,000 parts, so this reaches 156 GB. */
const partBytes = 16 * 1024 * 1024;

export function openStore(storage: Storage): Store {
  const { bucket: Bucket, endpoint, region, accessKey, secretKey } = storage;
  const s3 = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    maxAttempts: attempts,
    requestHandler: limits,
  });
  const get = async (Key: string): Promise<Readable> => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    if (Body === undefined) throw new Error(`the storage gave nothing for ${Key}`);
    return Body as Readable;
  };
  return {
    ensureBucket: async () => {
      try {
        await s3.send(new CreateBucketCommand({ Bucket }));
      } catch (cause) {
        if (!(cause instanceof BucketAlreadyOwnedByYou)) throw cause;
      }
    },
    get,
    putStream: async ({ key, body, signal }) => {
      const upload = new Upload({
        client: s3,
        params: { Bucket, Key: key, Body: body },
        partSize: partBytes,
        queueSize: 2,
      });
      signal?.addEventListener('abort', () => void upload.abort(), { once: true });
      await upload.done();
    },
    putText: async (Key, Body) => {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    },
    getText: async (key) => {
      try {
        return await textOf(await get(key));
      } catch (cause) {
        if (cause instanceof NoSuchKey) return undefined;
        throw cause;
      }
    },
    list: async (Prefix) => {
      const found: { key: string; bytes: number; at: Date }[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await s3
          .send(new ListObjectsV2Command({ Bucket, Prefix, ...(ContinuationToken && { ContinuationToken }) }))
          .catch(emptyWithoutBucket);
        for (const { Key, Size, LastModified } of page.Contents ?? [])
          if (Key !== undefined) found.push({ key: Key, bytes: Size ?? 0, at: LastModified ?? new Date(0) });
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found;
    },
    // One by one, because not every storage takes a list without a checksum of its own choice.
    remove: async (keys) => {
      for (const Key of keys) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    },
  };
}

/** The bucket is created with the first backup. */
function emptyWithoutBucket(
  cause: unknown,
): Pick<ListObjectsV2CommandOutput, 'Contents' | 'NextContinuationToken'> {
  if (cause instanceof NoSuchBucket) return {};
  throw cause;
}

async function textOf(stream: Readable): Promise<string> {
  let content = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) content += chunk;
  return content;
}
