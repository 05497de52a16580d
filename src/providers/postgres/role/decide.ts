import { isDeepStrictEqual } from 'node:util';
import type { Case, Change, Decider, Decision } from '../../../core/driver.ts';
import { nameOf } from '../../../core/resource.ts';
import { type OneStep, oneStepDecider } from '../../one-step.ts';
import { appliedOf, attributeTexts, verifierHash } from './fields.ts';
import type { RoleSpec, RoleState } from './model.ts';
import { isVerifiedBy } from './scram.ts';

export type RoleWork = { setsPassword: boolean; state: RoleState | undefined };

export type RoleStep = OneStep<RoleSpec, RoleWork>;

/** What has to happen to a role. No value of a password is in it. Pure. */
export function decideRole(project: string): (given: Case<RoleSpec, RoleState>) => Decision<RoleWork> {
  return ({ address, wanted, seen }) => {
    const state = seen?.state;
    const name = nameOf(address);
    if (wanted === undefined) return decideUnwanted({ name, project, state });
    const { spec } = wanted;
    if (state === undefined) {
      const data = { setsPassword: spec.password !== undefined, state };
      return { kind: 'create', cause: 'no existing role', event: `${name} is created`, data };
    }
    const owner = state.mark?.project ?? project;
    if (state.isAdministrator || owner !== project) return taken({ name, owner, state });
    const password = passwordChange({ spec, state });
    const changes = [...attributeChanges({ spec, state }), ...password];
    const data = { setsPassword: password.length > 0, state };
    const event = `${name} is changed`;
    if (changes.length > 0)
      return { kind: 'change', cause: changes.map(textOf).join('; '), event, changes, data };
    if (state.mark === undefined) {
      const cause = 'it exists already, and is what the manifest says: arc keeps it from now on';
      return { kind: 'change', cause, event, data };
    }
    const isMarked = isDeepStrictEqual(state.mark.applied, appliedOf({ spec, verifier: state.verifier }));
    const cause = 'its manifest declares other fields than before';
    return isMarked ? { kind: 'keep' } : { kind: 'change', cause, event, data };
  };
}

/** The pure half of what arc knows of roles. */
export function roleDecider(project: string): Decider<RoleSpec, RoleState, RoleWork, RoleStep> {
  return oneStepDecider({ kind: 'role', decide: decideRole(project) });
}

type Compared = { spec: RoleSpec; state: RoleState };

function attributeChanges({ spec, state }: Compared): readonly Change[] {
  const now = attributeTexts(state);
  return [...attributeTexts(spec)].flatMap(([path, after]) => {
    const before = now.get(path) ?? 'none';
    if (before === after) return [];
    const isByHand = state.mark?.applied[path] === after;
    return [{ path, before, after, ...(isByHand && ({ byHand: true } as const)) }];
  });
}

/** By hand, if the server keeps something else than arc set; else the secret has another value now. */
function passwordChange({ spec, state }: Compared): readonly Change[] {
  const { password } = spec;
  const { verifier, mark } = state;
  if (password === undefined) return [];
  if (verifier !== undefined && isVerifiedBy({ password, verifier })) return [];
  const set = mark?.applied.password;
  const isByHand = set !== undefined && (verifier === undefined || verifierHash(verifier) !== set);
  const before = verifier === undefined ? 'none' : 'another';
  return [{ path: 'password', before, after: 'as declared', ...(isByHand && { byHand: true }) }];
}

function textOf({ path, before = 'none', after = 'none', byHand }: Change): string {
  return `${path}: ${before} → ${after}${byHand === true ? ', changed by hand' : ''}`;
}

function taken(options: { name: string; owner: string; state: RoleState }): Decision<RoleWork> {
  const { name, owner, state } = options;
  return {
    kind: 'refuse',
    problem: {
      code: 'role-taken',
      message: state.isAdministrator
        ? `arc logs in as the role ${name}, so it does not change that role.`
        : `The role ${name} belongs to the project ${owner}.`,
      suggestion: 'choose another name where it is declared',
    },
  };
}

/** A role that arc created goes with consent only. */
function decideUnwanted(options: {
  name: string;
  project: string;
  state: RoleState | undefined;
}): Decision<RoleWork> {
  const { name, project, state } = options;
  if (state?.mark?.origin !== 'made' || state.mark.project !== project || state.isAdministrator)
    return { kind: 'keep' };
  const { owned, privileges } = state.has ?? { owned: 0, privileges: 0 };
  const parts = [
    state.login ? 'a login' : 'members',
    ...(privileges > 0 ? [`privileges on ${counted(privileges)}`] : []),
    ...(owned > 0 ? [`${counted(owned)} that the administrator gets`] : []),
  ];
  return {
    kind: 'delete',
    cause: 'no manifest declares it any more',
    event: `${name} is removed`,
    loses: [{ kind: 'data', text: parts.join(', ') }],
    data: { setsPassword: false, state },
  };
}

function counted(count: number): string {
  return count === 1 ? '1 object' : `${count} objects`;
}
