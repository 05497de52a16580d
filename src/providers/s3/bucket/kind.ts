import type { ResolvedData } from '../../../core/data.ts';
import { defined } from '../../../core/defined.ts';
import type { Decider } from '../../../core/driver.ts';
import type { InsideKind } from '../../inside-kind.ts';
import type { BucketServer } from './client.ts';
import type { BucketSpec, LifecycleRule } from './model.ts';
import { bucketDecider } from './plan.ts';

/** Buckets, as schemas/provision/s3.bucket.schema.json describes them. */
export const bucketKind: InsideKind<BucketSpec, BucketServer> = {
  provision: 's3.bucket',
  kind: 'bucket',
  spec: ({ name, fields }) => {
    const { versioning, lifecycle, quota, policy } = fields;
    return {
      name,
      ...(typeof versioning === 'boolean' ? { versioning } : {}),
      ...(lifecycle === undefined ? {} : { lifecycle: rulesOf(lifecycle) }),
      ...(typeof quota === 'number' ? { quotaBytes: quota } : {}),
      ...(policy === 'private' || policy === 'download' ? { policy } : {}),
    };
  },
  decider: (project) => bucketDecider(project) as Decider<BucketSpec>,
  load: async () => {
    const [{ bucketDriver }, { openBucketServer }] = await Promise.all([
      import('./driver.ts'),
      import('./client.ts'),
    ]);
    return { driver: bucketDriver, open: openBucketServer };
  },
};

type RuleFields = { prefix: string; expire_days?: number; expire_noncurrent_days?: number };

function rulesOf(rules: ResolvedData): readonly LifecycleRule[] {
  return (rules as unknown as readonly RuleFields[]).map(
    ({ prefix, expire_days, expire_noncurrent_days }) => ({
      prefix,
      ...defined({ expireDays: expire_days, expireNoncurrentDays: expire_noncurrent_days }),
    }),
  );
}
