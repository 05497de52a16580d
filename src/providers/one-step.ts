import type { Case, Decider, Decision } from '../core/driver.ts';
import type { Verb } from '../core/step.ts';

/** What a step carries for its driver: what is wanted, absent if it is removed, and what its decision says. */
export type OneStep<Spec, Data> = { spec: Spec | undefined; data: Data | undefined };

/** The pure half of a kind whose every decision is one step; it loads no client. */
export function oneStepDecider<Spec, State, Data>(options: {
  kind: string;
  decide: (given: Case<Spec, State>) => Decision<Data>;
}): Decider<Spec, State, Data, OneStep<Spec, Data>> {
  return {
    ...options,
    steps: ({ wanted, decision }) => {
      const verb = verbOf(decision);
      if (verb === undefined || !('cause' in decision) || decision.kind === 'unknown') return [];
      const { cause, loses, data } = decision;
      return [
        {
          verb,
          stage: 'make',
          cause,
          ...(wanted?.owner && { title: wanted.owner }),
          ...(loses && { loses }),
          work: { spec: wanted?.spec, data },
        },
      ];
    },
  };
}

function verbOf({ kind }: Decision): Verb | undefined {
  switch (kind) {
    case 'create':
    case 'change':
      return kind;
    case 'delete':
      return 'remove';
    case 'replace':
      return 'change';
    case 'keep':
    case 'unknown':
    case 'refuse':
      return undefined;
    default:
      return kind satisfies never;
  }
}
