import type { Case, Change, Decider, Decision } from '../../../core/driver.ts';
import type { SourceLocation } from '../../../core/errors.ts';
import { addressOf } from '../../../core/resource.ts';
import { type OneStep, oneStepDecider } from '../../one-step.ts';
import { isAboutToChange } from '../about-to-change.ts';
import { textList } from '../text-list.ts';
import { absentObjects, compareGrants, privilegesText, privilegeText } from './compare.ts';
import type { GrantsSpec, GrantsState, Privilege } from './model.ts';

export type GrantsWork = { state: GrantsState | undefined };

export type GrantsStep = OneStep<GrantsSpec, GrantsWork>;

/** What has to happen to what a role may do in a database. Pure. */
export function decideGrants(
  project: string,
): (given: Case<GrantsSpec, GrantsState>) => Decision<GrantsWork> {
  return ({ wanted, seen, decided }) => {
    const state = seen?.state;
    const data = { state };
    if (wanted === undefined) return decideUnwanted({ project, state });
    const { spec } = wanted;
    const event = `what ${spec.role} may do is changed`;
    if (state === undefined) return { kind: 'create', cause: 'no existing database', event, data };
    const migrations = addressOf('migrations', spec.database);
    if (isAboutToChange(migrations, decided))
      return {
        kind: 'unknown',
        until: migrations,
        cause: `known once the migrations of ${spec.database} are applied`,
      };
    const absent = absentObjects({ spec, state });
    if (absent.length > 0) return { kind: 'refuse', problem: noSuchObject({ spec, absent }) };
    const { missing, extra } = compareGrants({ spec, state });
    const applied = new Set(textList(state.mark?.applied.privileges));
    const changes = [
      ...missing.map((one): Change => {
        const path = privilegeText(one);
        const change = { path, before: 'revoked', after: 'granted' };
        return applied.has(path) ? { ...change, byHand: true } : change;
      }),
      ...extra.map((one): Change => {
        const path = privilegeText(one);
        const change = { path, before: 'granted', after: 'revoked' };
        return state.mark === undefined || applied.has(path) ? change : { ...change, byHand: true };
      }),
    ];
    const isByHand = changes.some(({ byHand }) => byHand === true) ? '; changed by hand' : '';
    const cause = [wordsOf('grants', missing), wordsOf('revokes', extra)].filter((text) => text !== '');
    if (cause.length > 0) {
      const kind = state.mark === undefined ? 'create' : 'change';
      return { kind, cause: `${cause.join('; ')}${isByHand}`, event, changes, data };
    }
    return isMarked({ spec, state, project })
      ? { kind: 'keep' }
      : { kind: 'change', cause: 'all is granted already: arc keeps it from now on', event, data };
  };
}

/** The pure half of what arc knows of grants. */
export function grantsDecider(project: string): Decider<GrantsSpec, GrantsState, GrantsWork, GrantsStep> {
  return oneStepDecider({ kind: 'grants', decide: decideGrants(project) });
}

/** What arc has granted, once a specification is applied: see the mark. */
export function appliedTexts(options: {
  spec: GrantsSpec;
  objects: GrantsState['objects'];
}): readonly string[] {
  const { spec, objects } = options;
  return compareGrants({ spec, state: { objects, held: [] } })
    .missing.map(privilegeText)
    .toSorted();
}

function isMarked(options: { spec: GrantsSpec; state: GrantsState; project: string }): boolean {
  const { spec, state, project } = options;
  const { mark, objects } = state;
  if (mark === undefined || mark.project !== project || mark.applied.role !== spec.role) return false;
  return textList(mark.applied.privileges).join('\n') === appliedTexts({ spec, objects }).join('\n');
}

function wordsOf(verb: string, privileges: readonly Privilege[]): string {
  return privileges.length === 0 ? '' : `${verb} ${privilegesText(privileges)}`;
}

function noSuchObject(options: {
  spec: GrantsSpec & { location?: SourceLocation };
  absent: readonly string[];
}) {
  const { spec, absent } = options;
  return {
    code: 'no-such-object',
    message: `The grants ${spec.name} name ${absent.join(', ')}, which the database ${spec.database} does not have.`,
    suggestion: 'create it in a migration, or correct the name where the grants are declared',
  };
}

/** What arc granted is revoked; nothing is lost by it. */
function decideUnwanted(options: { project: string; state: GrantsState | undefined }): Decision<GrantsWork> {
  const { project, state } = options;
  if (state?.mark === undefined || state.mark.project !== project) return { kind: 'keep' };
  return {
    kind: 'delete',
    cause: 'no manifest declares it any more',
    event: `${state.mark.name} is revoked`,
    data: { state },
  };
}
