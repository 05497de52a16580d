import { isDeepStrictEqual } from 'node:util';
import type { Case, Decider, Decision } from '../../../core/driver.ts';
import type { Problem } from '../../../core/errors.ts';
import { addressOf, nameOf } from '../../../core/resource.ts';
import { type OneStep, oneStepDecider } from '../../one-step.ts';
import { taken } from '../../taken.ts';
import { appliedPolicies, changeText, comparePolicies, policyProblem, type Work } from '../decide.ts';
import { lossesOf } from '../losses.ts';
import type { NamespaceSpec, NamespaceState } from './model.ts';

export type NamespaceStep = OneStep<NamespaceSpec, Work>;

/** The pure half of what arc knows of namespaces. */
export function namespaceDecider(
  project: string,
): Decider<NamespaceSpec, NamespaceState, Work, NamespaceStep> {
  return oneStepDecider({ kind: 'namespace', decide: decideNamespace(project) });
}

/** Decides what a namespace of the project needs. Pure. */
export function decideNamespace(
  project: string,
): (given: Case<NamespaceSpec, NamespaceState>) => Decision<Work> {
  return ({ address, wanted, seen, decided }) => {
    const name = nameOf(address);
    const state = seen?.state;
    if (wanted === undefined) return decideUnwanted({ name, project, state, decided });
    const { policies } = wanted.spec;
    const mark = state?.mark;
    if (mark !== undefined && mark.project !== project)
      return taken({ code: 'pulsar-taken', what: `namespace ${name}`, owner: mark.project });
    const { changes, work } = comparePolicies({ spec: policies, state: state?.policies ?? {}, mark });
    const problem =
      policyProblem({ kind: 'namespace', name, policies: { ...state?.policies, ...policies } }) ??
      (state === undefined ? undefined : offloadProblem({ name, spec: wanted.spec, state }));
    if (problem !== undefined) return { kind: 'refuse', problem };
    if (state === undefined) {
      const data: Work = { ...work, origin: 'made' };
      return { kind: 'create', cause: 'no existing namespace', event: `${name} is created`, data };
    }
    const change = (cause: string) => ({
      kind: 'change' as const,
      cause,
      event: `${name} is changed`,
      data: { ...work, origin: mark?.origin ?? ('found' as const) },
    });
    if (changes.length > 0) {
      const changed = [...work.set, ...work.unset];
      const loses = lossesOf({ before: state.policies, after: policies, changed, held: state.held });
      return {
        ...change(changes.map(changeText).join('; ')),
        changes,
        ...(loses.length > 0 && { loses }),
      };
    }
    if (mark === undefined) return change('it exists and matches the manifest: arc manages it from now on');
    return isDeepStrictEqual(mark.applied, appliedPolicies(policies))
      ? { kind: 'keep' }
      : change('its manifest declares other fields than before');
  };
}

/** The broker would take the policy, and then find no program that does it. */
function offloadProblem(options: {
  name: string;
  spec: NamespaceSpec;
  state: NamespaceState;
}): Problem | undefined {
  const { name, spec, state } = options;
  if (spec.policies.offload === undefined || state.offloadDriver !== undefined) return undefined;
  return {
    code: 'no-offloader',
    message: `The namespace ${name} has \`offload\`, which moves old messages to long-term storage, and the broker has no driver for that (managedLedgerOffloadDriver).`,
    suggestion:
      'remove `offload` from the contract, or run a broker with the offloaders of Pulsar, which are an archive of their own',
  };
}

function decideUnwanted(options: {
  name: string;
  project: string;
  state: NamespaceState | undefined;
  decided: Case<NamespaceSpec, NamespaceState>['decided'];
}): Decision<Work> {
  const { name, project, state, decided } = options;
  if (state?.mark?.origin !== 'made' || state.mark.project !== project) return { kind: 'keep' };
  // Its topics go first; they may be somebody else's, or hold something.
  const goes = (topic: string): boolean => decided(addressOf('topic', topic))?.kind === 'delete';
  if (!state.topics.every(goes)) return { kind: 'keep' };
  return {
    kind: 'delete',
    cause: 'no contract declares it any more',
    event: `${name} is removed`,
  };
}
