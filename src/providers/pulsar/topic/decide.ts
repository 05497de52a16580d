import { isDeepStrictEqual } from 'node:util';
import type { Case, Change, Decider, Decision } from '../../../core/driver.ts';
import type { Problem } from '../../../core/errors.ts';
import { nameOf } from '../../../core/resource.ts';
import { type OneStep, oneStepDecider } from '../../one-step.ts';
import { taken } from '../../taken.ts';
import { appliedPolicies, changeText, comparePolicies, policyProblem, type Work } from '../decide.ts';
import { allOf, lossesOf } from '../losses.ts';
import type { TopicSpec, TopicState } from './model.ts';

/** `partitions`: to add some. */
export type TopicWork = Work & { partitions: boolean };

export type TopicStep = OneStep<TopicSpec, TopicWork>;

/** The pure half of what arc knows of topics. */
export function topicDecider(project: string): Decider<TopicSpec, TopicState, TopicWork, TopicStep> {
  return oneStepDecider({ kind: 'topic', decide: decideTopic(project) });
}

/** Decides what a topic of the project needs. Pure. */
export function decideTopic(project: string): (given: Case<TopicSpec, TopicState>) => Decision<TopicWork> {
  return ({ address, wanted, seen }) => {
    const name = nameOf(address);
    const state = seen?.state;
    if (wanted === undefined) return decideUnwanted({ name, project, state });
    const { spec } = wanted;
    const mark = state?.mark;
    if (mark !== undefined && mark.project !== project)
      return taken({ code: 'pulsar-taken', what: `topic ${name}`, owner: mark.project });
    const problem =
      policyProblem({ kind: 'topic', name, policies: { ...state?.policies, ...spec.policies } }) ??
      (state === undefined ? undefined : fixedProblem({ name, spec, state }));
    if (problem !== undefined) return { kind: 'refuse', problem };
    const compared = comparePolicies({ spec: spec.policies, state: state?.policies ?? {}, mark });
    if (state === undefined) {
      const data: TopicWork = { ...compared.work, origin: 'made', partitions: false };
      return { kind: 'create', cause: 'no existing topic', event: `${name} is created`, data };
    }
    const grown = partitionChange({ spec, state });
    const changes = [...grown, ...compared.changes];
    const change = (cause: string) => ({
      kind: 'change' as const,
      cause,
      event: `${name} is changed`,
      data: {
        ...compared.work,
        origin: mark?.origin ?? ('found' as const),
        partitions: grown.length > 0,
      },
    });
    if (changes.length > 0) {
      const changed = [...compared.work.set, ...compared.work.unset];
      const loses = lossesOf({ before: state.policies, after: spec.policies, changed, held: state.held });
      const moved = grown.length > 0 ? '; keys move to other partitions, so their order begins again' : '';
      return {
        ...change(`${changes.map(changeText).join('; ')}${moved}`),
        changes,
        ...(loses.length > 0 && { loses }),
      };
    }
    if (mark === undefined) return change('it exists and matches the manifest: arc manages it from now on');
    return isDeepStrictEqual(mark.applied, appliedPolicies(spec.policies))
      ? { kind: 'keep' }
      : change('its manifest declares other fields than before');
  };
}

function partitionChange({ spec, state }: { spec: TopicSpec; state: TopicState }): readonly Change[] {
  if (spec.partitions === state.partitions) return [];
  return [{ path: 'partitions', before: String(state.partitions), after: String(spec.partitions) }];
}

/** What Pulsar cannot change of a topic that exists. */
function fixedProblem(options: { name: string; spec: TopicSpec; state: TopicState }): Problem | undefined {
  const { name, spec, state } = options;
  const another = 'declare a topic of another name';
  if (spec.persistent !== state.isPersistent) {
    const [is, be] = [wordOf(state.isPersistent), wordOf(spec.persistent)];
    return {
      code: 'topic-fixed',
      message: `The topic ${name} is ${is}, and Pulsar cannot make it ${be}.`,
      suggestion: `keep \`persistent: ${state.isPersistent}\`, or ${another}`,
    };
  }
  if (spec.partitions > 0 !== state.partitions > 0) {
    const [is, be] = [partitionsText(state.partitions), partitionsText(spec.partitions)];
    return {
      code: 'topic-fixed',
      message: `The topic ${name} has ${is}, and Pulsar cannot give it ${be}.`,
      suggestion: `keep \`partitions: ${state.partitions}\`, or ${another}`,
    };
  }
  if (spec.partitions < state.partitions) {
    return {
      code: 'topic-fixed',
      message: `The topic ${name} has ${partitionsText(state.partitions)}, and Pulsar can only add some.`,
      suggestion: `keep \`partitions: ${state.partitions}\`, or ${another}`,
    };
  }
  return undefined;
}

function wordOf(isPersistent: boolean): string {
  return isPersistent ? 'persistent' : 'non-persistent';
}

function partitionsText(count: number): string {
  if (count === 0) return 'no partitions';
  return count === 1 ? '1 partition' : `${count} partitions`;
}

/** A topic that arc created and that holds something goes with consent only. */
function decideUnwanted(options: {
  name: string;
  project: string;
  state: TopicState | undefined;
}): Decision<TopicWork> {
  const { name, project, state } = options;
  if (state?.mark?.origin !== 'made' || state.mark.project !== project) return { kind: 'keep' };
  return {
    kind: 'delete',
    cause: 'no contract declares it any more',
    event: `${name} is removed`,
    loses: allOf(state.held),
    data: { set: [], unset: [], origin: 'made', partitions: state.partitions > 0 },
  };
}
