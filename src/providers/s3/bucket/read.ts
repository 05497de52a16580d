import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  S3ServiceException,
  type Tag,
} from '@aws-sdk/client-s3';
import { defined } from '../../../core/defined.ts';
import { type BucketServer, callMilliseconds } from './client.ts';
import { readRules } from './lifecycle.ts';
import { readMark } from './mark.ts';
import type { BucketState } from './model.ts';
import { readPolicy } from './policy.ts';
import { readQuota } from './quota.ts';

type Asking = { server: BucketServer; bucket: string; signal: AbortSignal };

/**
 * Reads everything about a bucket that a manifest can declare.
 *
 * @throws what the server answers, where it is not that something is not set
 */
export async function readBucket(asking: Asking): Promise<BucketState> {
  const { server, bucket } = asking;
  const abortSignal = limited(asking.signal);
  const [versioning, lifecycle, policy, tags, quotaBytes] = await Promise.all([
    server.s3.send(new GetBucketVersioningCommand({ Bucket: bucket }), { abortSignal }),
    unlessUnset(
      server.s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket }), { abortSignal }),
      'NoSuchLifecycleConfiguration',
    ),
    unlessUnset(
      server.s3.send(new GetBucketPolicyCommand({ Bucket: bucket }), { abortSignal }),
      'NoSuchBucketPolicy',
    ),
    readTags(asking),
    readQuota({ ...asking, signal: abortSignal }),
  ]);
  const mark = readMark(tags);
  return {
    versioning: versioning.Status === 'Enabled',
    lifecycle: readRules(lifecycle?.Rules ?? []),
    policy: readPolicy(bucket, policy?.Policy),
    ...defined({ quotaBytes, mark }),
  };
}

/** The tags of a bucket; empty if nobody has set any. */
export async function readTags({ server, bucket, signal }: Asking): Promise<readonly Tag[]> {
  const asked = server.s3.send(new GetBucketTaggingCommand({ Bucket: bucket }), {
    abortSignal: limited(signal),
  });
  return (await unlessUnset(asked, 'NoSuchTagSet'))?.TagSet ?? [];
}

/** A signal for one call. */
export function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(callMilliseconds)]);
}

async function unlessUnset<Answer>(asked: Promise<Answer>, code: string): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (cause) {
    if (cause instanceof S3ServiceException && cause.name === code) return undefined;
    throw cause;
  }
}
