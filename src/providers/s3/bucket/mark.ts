import type { Tag } from '@aws-sdk/client-s3';
import { fieldHash, fieldNames } from './fields.ts';
import { type BucketMark, type BucketSpec, bucketFields } from './model.ts';

const prefix = 'arc.';

/** arc's tags on a bucket. Other tags are not arc's. */
export function readMark(tags: readonly Tag[]): BucketMark | undefined {
  const values = new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  const project = values.get(`${prefix}project`);
  if (project === undefined) return undefined;
  const applied = bucketFields.flatMap((field) => {
    const value = values.get(prefix + fieldNames[field]);
    return value === undefined ? [] : [[field, value] as const];
  });
  return {
    project,
    origin: values.get(`${prefix}origin`) === 'made' ? 'made' : 'found',
    applied: Object.fromEntries(applied),
  };
}

/** All tags that the bucket should have: arc's own, and the others unchanged. */
export function withMark(options: {
  tags: readonly Tag[];
  project: string;
  origin: BucketMark['origin'];
  spec: BucketSpec;
}): Tag[] {
  const { tags, project, origin, spec } = options;
  const applied = bucketFields.flatMap((field) => {
    const value = spec[field];
    return value === undefined ? [] : [{ Key: prefix + fieldNames[field], Value: fieldHash(value) }];
  });
  return [
    ...tags.filter(({ Key = '' }) => !Key.startsWith(prefix)),
    { Key: `${prefix}project`, Value: project },
    { Key: `${prefix}origin`, Value: origin },
    ...applied,
  ];
}
