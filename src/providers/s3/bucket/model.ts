import type { Stored } from '../stored.ts';

/** A bucket as its manifest declares it. arc leaves absent fields as they are on the server. */
export type BucketSpec = {
  name: string;
  versioning?: boolean;
  lifecycle?: readonly LifecycleRule[];
  quotaBytes?: number;
  policy?: BucketPolicy;
};

/** `private`: no access without a key. `download`: anybody who knows an object's name can read it. */
export type BucketPolicy = 'private' | 'download';

/** A rule by which objects expire. */
export type LifecycleRule = { prefix: string; expireDays?: number; expireNoncurrentDays?: number };

/** Everything about a bucket that can be declared. */
export type BucketFields = Required<Omit<BucketSpec, 'name'>>;

export type BucketField = keyof BucketFields;

/** In the order in which they are applied and shown. */
export const bucketFields: readonly BucketField[] = ['versioning', 'lifecycle', 'quotaBytes', 'policy'];

/** A bucket on its server. Values that arc has no words for are the server's own text. */
export type BucketState = {
  versioning: boolean;
  lifecycle: readonly LifecycleRule[] | string;
  /** 0 if there is none; absent if the server has no quotas. */
  quotaBytes?: number;
  policy: BucketPolicy | string;
  /** Its contents, read only for buckets that may be removed, because that takes a listing. */
  stored?: Stored;
  mark?: BucketMark;
};

/** arc's tags on a bucket. */
export type BucketMark = {
  project: string;
  /** `found`: it was there before arc knew of it, so arc never removes it. */
  origin: 'made' | 'found';
  /** A short hash of each field as arc last applied it. */
  applied: Readonly<Partial<Record<BucketField, string>>>;
};
