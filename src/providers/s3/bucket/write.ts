import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import { failed } from '../../../core/errors.ts';
import type { BucketServer } from './client.ts';
import { serverRules } from './lifecycle.ts';
import { withMark } from './mark.ts';
import type { BucketField, BucketMark, BucketSpec } from './model.ts';
import { policyDocument } from './policy.ts';
import { writeQuota } from './quota.ts';
import { limited, readTags } from './read.ts';

type Writing = { server: BucketServer; spec: BucketSpec; signal: AbortSignal };

/** Makes a bucket, with nothing set. */
export async function createBucket({ server, spec, signal }: Writing): Promise<void> {
  await server.s3.send(new CreateBucketCommand({ Bucket: spec.name }), { abortSignal: limited(signal) });
}

/**
 * Removes a bucket.
 *
 * @param options.isEmptied with everything in it, to which somebody has agreed; else the server refuses where anything
 *   is in it
 */
export async function removeBucket(options: {
  server: BucketServer;
  bucket: string;
  isEmptied: boolean;
  signal: AbortSignal;
}): Promise<void> {
  const { server, bucket, isEmptied, signal } = options;
  if (isEmptied) await emptyBucket(options);
  await server.s3.send(new DeleteBucketCommand({ Bucket: bucket }), { abortSignal: limited(signal) });
}

async function emptyBucket(options: {
  server: BucketServer;
  bucket: string;
  signal: AbortSignal;
}): Promise<void> {
  const { server, bucket, signal } = options;
  for (;;) {
    // Listed objects are gone when the next page is requested, so each page is the first.
    const listed = await server.s3.send(new ListObjectVersionsCommand({ Bucket: bucket }), {
      abortSignal: limited(signal),
    });
    const Objects = [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])].map(
      ({ Key, VersionId }) => ({
        Key,
        VersionId,
      }),
    );
    if (Objects.length === 0) return;
    const removed = await server.s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
      { abortSignal: limited(signal) },
    );
    const [first] = removed.Errors ?? [];
    if (first !== undefined)
      throw failed({
        code: 'storage-refused',
        message: `${first.Key} of the bucket ${bucket} could not be removed.`,
        detail: [`${first.Code}: ${first.Message}`],
        suggestion: `arc logs ${server.role}`,
      });
  }
}

/** Sets one declared field as the manifest has it. */
export async function writeField(options: Writing & { field: BucketField }): Promise<void> {
  const { server, spec, field } = options;
  const Bucket = spec.name;
  const signal = limited(options.signal);
  const send = { abortSignal: signal };
  switch (field) {
    case 'versioning': {
      const Status = spec.versioning === true ? 'Enabled' : 'Suspended';
      const VersioningConfiguration = { Status } as const;
      await server.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }), send);
      return;
    }
    case 'lifecycle': {
      const { lifecycle = [] } = spec;
      const LifecycleConfiguration = { Rules: serverRules(lifecycle) };
      await (lifecycle.length === 0
        ? server.s3.send(new DeleteBucketLifecycleCommand({ Bucket }), send)
        : server.s3.send(
            new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }),
            send,
          ));
      return;
    }
    case 'quotaBytes':
      await writeQuota({ server, bucket: Bucket, bytes: spec.quotaBytes ?? 0, signal });
      return;
    case 'policy': {
      const Policy = policyDocument(Bucket, spec.policy ?? 'private');
      await (Policy === undefined
        ? server.s3.send(new DeleteBucketPolicyCommand({ Bucket }), send)
        : server.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }), send));
      return;
    }
    default:
      return field satisfies never;
  }
}

/** Writes on the bucket that arc keeps it, and what it has set. The last step: a run that was interrupted does it again. */
export async function writeMark(
  options: Writing & { project: string; origin: BucketMark['origin'] },
): Promise<void> {
  const { server, spec, project, origin, signal } = options;
  const tags = await readTags({ server, bucket: spec.name, signal });
  const TagSet = withMark({ tags, project, origin, spec });
  await server.s3.send(new PutBucketTaggingCommand({ Bucket: spec.name, Tagging: { TagSet } }), {
    abortSignal: limited(signal),
  });
}
