import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { defined } from '../../../core/defined.ts';
import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { addressOf, nameOf } from '../../../core/resource.ts';
import { countStored } from '../stored.ts';
import type { BucketServer } from './client.ts';
import type { BucketWork } from './decide.ts';
import { explainRefusals } from './failure.ts';
import type { BucketSpec, BucketState } from './model.ts';
import { type BucketStep, bucketDecider } from './plan.ts';
import { limited, readBucket } from './read.ts';
import { createBucket, removeBucket, writeField, writeMark } from './write.ts';

export type BucketDriver = InsideDriver<BucketSpec, BucketState, BucketWork, BucketStep, BucketServer>;

/**
 * Buckets in an S3 server. Tags mark each bucket, so that arc knows which it created, and distinguishes a field that a
 * person changed from one that changed in the manifest.
 */
export function bucketDriver(project: string): BucketDriver {
  return {
    observe: ({ at, wanted, signal }) =>
      explainRefusals({ server: at, doing: 'list the buckets' }, async () => {
        const listed = await at.s3.send(new ListBucketsCommand({}), { abortSignal: limited(signal) });
        const names = new Set(wanted.map(({ spec }) => spec.name));
        const states = await Promise.all(
          (listed.Buckets ?? []).map(async ({ Name: bucket = '' }) => {
            const state = await readBucket({ server: at, bucket, signal });
            const isOrphan = !names.has(bucket) && isMade({ state, project });
            const stored = isOrphan ? await countStored(wayInto({ server: at, bucket, signal })) : undefined;
            return [bucket, { ...state, ...defined({ stored }) }, isOrphan] as const;
          }),
        );
        return new Map(
          states
            .filter(([bucket, , isOrphan]) => names.has(bucket) || isOrphan)
            .map(([bucket, state]) => [addressOf('bucket', bucket), { state, needs: [] }]),
        );
      }),
    ...bucketDecider(project),
    apply: ({ step, at, io: { signal } }) => {
      const bucket = nameOf(step.of);
      return explainRefusals(
        { server: at, doing: `${step.verb} the bucket ${bucket}` },
        async (): Promise<Applied> => {
          const { spec, fields, origin } = step.work;
          const isEmptied = (step.loses ?? []).length > 0;
          if (spec === undefined) {
            await removeBucket({ server: at, bucket, isEmptied, signal });
            return 'done';
          }
          if (step.verb === 'create') await createBucket({ server: at, spec, signal });
          for (const field of fields) await writeField({ server: at, spec, field, signal });
          await writeMark({ server: at, spec, project, origin, signal });
          return 'done';
        },
      );
    },
  };
}

function wayInto(options: { server: BucketServer; bucket: string; signal: AbortSignal }) {
  const { server, bucket, signal } = options;
  return { client: server.signer, url: `${server.origin}/${bucket}`, signal: limited(signal) };
}

function isMade(options: { state: BucketState; project: string }): boolean {
  const { mark } = options.state;
  return mark?.origin === 'made' && mark.project === options.project;
}
