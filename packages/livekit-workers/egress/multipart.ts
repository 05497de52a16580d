import { createReadStream } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListPartsCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';

/** S3 takes no smaller parts, but for the last. Bytes. */
export const partSize = 8 * 1024 * 1024;
/** Parts of one upload; S3's limit. A recording that would need more has larger ones. */
const mostParts = 10_000;

type Target = { Bucket: string; Key: string };
/** An upload that was begun: kept beside the file, so that the next attempt, or the next start of the worker, goes on with it. */
type Begun = Target & { uploadId: string; size: number; length: number };
type Part = { PartNumber: number; ETag: string | undefined };

/**
 * Sends a file in parts, without those that an earlier attempt has sent.
 *
 * @throws what the storage said last; what was sent by then stays there
 */
export async function sendInParts(options: {
  client: S3Client;
  target: Target;
  file: string;
  size: number;
  contentType: string;
  signal: AbortSignal;
}): Promise<void> {
  const { client, target, file, size, signal } = options;
  const sending = { abortSignal: signal };
  const { begun, there } = (await resumed(options)) ?? { begun: await begin(options), there: new Map() };
  const { uploadId: UploadId, length } = begun;
  const Parts: Part[] = [];
  for (let start = 0, PartNumber = 1; start < size; start += length, PartNumber += 1) {
    const ContentLength = Math.min(length, size - start);
    const before = there.get(PartNumber);
    if (before?.size === ContentLength) {
      Parts.push({ PartNumber, ETag: before.tag });
      continue;
    }
    const Body = await bytesOf(file, start, ContentLength);
    const part = { ...target, UploadId, PartNumber, Body, ContentLength };
    const { ETag } = await client.send(new UploadPartCommand(part), sending);
    Parts.push({ PartNumber, ETag });
  }
  const complete = { ...target, UploadId, MultipartUpload: { Parts } };
  try {
    await client.send(new CompleteMultipartUploadCommand(complete), sending);
  } catch (cause) {
    // It was heard, and the answer lost: whoever looks for the object finds it.
    if (!isUnknownUpload(cause)) throw cause;
  }
  await rm(noteOf(file), { force: true });
}

async function begin(options: Parameters<typeof sendInParts>[0]): Promise<Begun> {
  const { client, target, file, size, contentType, signal } = options;
  const create = new CreateMultipartUploadCommand({ ...target, ContentType: contentType });
  const { UploadId } = await client.send(create, { abortSignal: signal });
  if (!UploadId) throw new Error('the storage has begun an upload without a name');
  const begun = {
    ...target,
    uploadId: UploadId,
    size,
    length: Math.max(partSize, Math.ceil(size / mostParts)),
  };
  // Where the disk is full it can be sent all the same, but not be gone on with.
  await writeFile(noteOf(file), JSON.stringify(begun), { mode: 0o600 }).catch(() => {});
  return begun;
}

/** @returns nothing where none was begun, or the storage does not know it any more */
async function resumed(
  options: Parameters<typeof sendInParts>[0],
): Promise<{ begun: Begun; there: Map<number, { tag: string | undefined; size: number }> } | undefined> {
  const { client, target, file, size, signal } = options;
  const text = await readFile(noteOf(file), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const begun = JSON.parse(text) as Begun;
  if (begun.size !== size || begun.Key !== target.Key || begun.Bucket !== target.Bucket) return undefined;
  const there = new Map<number, { tag: string | undefined; size: number }>();
  try {
    // Not the library's own loop, which goes on where a storage names a next page that there is not, as MinIO does.
    let after: string | undefined;
    for (let isMore = true; isMore; ) {
      const page = new ListPartsCommand({ ...target, UploadId: begun.uploadId, PartNumberMarker: after });
      const {
        Parts = [],
        IsTruncated,
        NextPartNumberMarker,
      } = await client.send(page, { abortSignal: signal });
      for (const { PartNumber = 0, ETag, Size = 0 } of Parts)
        there.set(PartNumber, { tag: ETag, size: Size });
      isMore = IsTruncated === true;
      after = NextPartNumberMarker;
    }
  } catch (cause) {
    if (isUnknownUpload(cause)) return undefined;
    throw cause;
  }
  return { begun, there };
}

const isUnknownUpload = (cause: unknown): boolean => cause instanceof Error && cause.name === 'NoSuchUpload';

const noteOf = (file: string): string => `${file}.upload`;

/** A buffer, and no stream, so that a request can be tried again. */
export async function bytesOf(file: string, start: number, length: number): Promise<Buffer> {
  if (length === 0) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  for await (const chunk of createReadStream(file, { start, end: start + length - 1 })) chunks.push(chunk);
  return Buffer.concat(chunks);
}
