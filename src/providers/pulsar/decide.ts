import type { Change } from '../../core/driver.ts';
import type { Problem } from '../../core/errors.ts';
import type { PulsarMark } from './mark.ts';
import { isSame, type Policies, type Policy, policies, policyText } from './policy.ts';
import { isRetentionEnough, policyOrder } from './policy-order.ts';

/** What is set, in order, and what of arc's own is taken away. */
export type Work = {
  set: readonly Policy[];
  unset: readonly Policy[];
  origin: PulsarMark['origin'];
};

type Compared = {
  spec: Policies;
  state: Policies;
  mark: PulsarMark | undefined;
};

/** The policies that differ: declared ones, and those that arc had set and nobody declares any more. Pure. */
export function comparePolicies({ spec, state, mark }: Compared): {
  changes: readonly Change[];
  work: Omit<Work, 'origin'>;
} {
  const set = policies.filter((name) => spec[name] !== undefined && !isSame(spec[name], state[name]));
  // What somebody changed by hand since is theirs.
  const unset = policies.filter(
    (name) =>
      spec[name] === undefined &&
      mark?.applied[name] !== undefined &&
      mark.applied[name] === policyText(name, state[name]),
  );
  const changes = policies
    .filter((name) => set.includes(name) || unset.includes(name))
    .map((path): Change => {
      const [before, after] = [policyText(path, state[path]), policyText(path, spec[path])];
      const isByHand = set.includes(path) && mark?.applied[path] === after;
      return { path, before, after, ...(isByHand && { byHand: true as const }) };
    });
  const ordered = policyOrder({ before: state, after: { ...state, ...spec }, changed: set });
  return { changes, work: { set: ordered, unset } };
}

/** The declared policies, as a mark has them. */
export function appliedPolicies(spec: Policies): Readonly<Record<string, string>> {
  return Object.fromEntries(
    policies.flatMap((name) => (spec[name] === undefined ? [] : [[name, policyText(name, spec[name])]])),
  );
}

export function changeText({ path, before = 'none', after = 'none', byHand }: Change): string {
  return `${path}: ${before} → ${after}${byHand === true ? ', changed by hand' : ''}`;
}

/** Why Pulsar would refuse the policies together, whatever the order. */
export function policyProblem(options: {
  kind: string;
  name: string;
  policies: Policies;
}): Problem | undefined {
  const { kind, name, policies: wanted } = options;
  if (isRetentionEnough(wanted)) return undefined;
  return {
    code: 'retention-below-backlog',
    message: `The ${kind} ${name} keeps less than its backlog may hold: retention ${policyText('retention', wanted.retention)}, backlog ${[
      wanted.backlog_size && policyText('backlog_size', wanted.backlog_size),
      wanted.backlog_time && policyText('backlog_time', wanted.backlog_time),
    ]
      .filter((text) => text !== undefined)
      .join(' and ')}.`,
    suggestion: 'declare a retention that is larger than the backlog, in time and in size',
  };
}
