/** What a manifest says about a bucket. What is absent is not owned: arc leaves it as it is on the server. */
export type BucketSpec = {
  name: string;
  versioning?: boolean;
  lifecycle?: readonly LifecycleRule[];
  quotaBytes?: number;
  policy?: BucketPolicy;
};

/** `private`: nobody without a key. `download`: anybody who knows an object's name. */
export type BucketPolicy = 'private' | 'download';

/** A rule by which objects expire. */
export type LifecycleRule = { prefix: string; expireDays?: number; expireNoncurrentDays?: number };

/** Everything about a bucket that can be declared. */
export type BucketFields = Required<Omit<BucketSpec, 'name'>>;

export type BucketField = keyof BucketFields;

/** In the order in which they are applied and shown. */
export const bucketFields: readonly BucketField[] = ['versioning', 'lifecycle', 'quotaBytes', 'policy'];

/** A bucket as it is on its server. What arc has no word for is given in the server's own, as text. */
export type BucketState = {
  versioning: boolean;
  lifecycle: readonly LifecycleRule[] | string;
  /** 0 where there is none; absent where the server knows no quotas. */
  quotaBytes?: number;
  policy: BucketPolicy | string;
  /** What is in it; read only of buckets that are to go, because it takes a listing. */
  stored?: Stored;
  mark?: BucketMark;
};

/** What is in a bucket: every version of every object counts. `more` says that the count was not finished. */
export type Stored = { count: number; bytes: number; more: boolean };

/** What arc has written on a bucket, as its tags. */
export type BucketMark = {
  project: string;
  /** `found`: it was there before arc knew of it, so arc never removes it. */
  origin: 'made' | 'found';
  /** A short hash of each field as arc last applied it. */
  applied: Readonly<Partial<Record<BucketField, string>>>;
};
