import type { Decider, Decision } from '../../../core/driver.ts';
import type { Resource } from '../../../core/resource.ts';
import type { StepDraft } from '../../../core/step.ts';
import { type BucketWork, decideBucket } from './decide.ts';
import type { BucketMark, BucketSpec, BucketState } from './model.ts';

/** The work of a step: the wanted bucket, and the fields to set. */
export type BucketStep = BucketWork & {
  /** Absent if it is to go. */
  spec?: BucketSpec;
  origin: BucketMark['origin'];
};

/** The pure half of what arc knows of buckets; it loads no client. */
export function bucketDecider(project: string): Decider<BucketSpec, BucketState, BucketWork, BucketStep> {
  return {
    kind: 'bucket',
    decide: decideBucket(project),
    steps: ({ wanted, seen, decision }) => {
      const origin = seen?.state.mark?.origin ?? (seen === undefined ? 'made' : 'found');
      const title = wanted?.owner;
      return stepsOf({ wanted, decision, origin }).map((draft) => ({ ...draft, ...(title && { title }) }));
    },
  };
}

function stepsOf(options: {
  wanted: Resource<BucketSpec> | undefined;
  decision: Decision<BucketWork>;
  origin: BucketMark['origin'];
}): readonly StepDraft<BucketStep>[] {
  const { wanted, decision, origin } = options;
  switch (decision.kind) {
    case 'create':
    case 'change': {
      const { kind: verb, cause, data = { fields: [] } } = decision;
      return [
        { verb, stage: 'make', cause, work: { ...data, origin, ...(wanted && { spec: wanted.spec }) } },
      ];
    }
    case 'delete': {
      const { cause, loses = [] } = decision;
      return [{ verb: 'remove', stage: 'make', cause, loses, work: { fields: [], origin } }];
    }
    case 'keep':
    case 'replace':
    case 'unknown':
    case 'refuse':
      return [];
    default:
      return decision satisfies never;
  }
}
