import { hash } from 'node:crypto';
import { canonicalJson } from '../../../core/canonical-json.ts';
import type { Case, Decider, Decision } from '../../../core/driver.ts';
import { addressOf, nameOf } from '../../../core/resource.ts';
import { type OneStep, oneStepDecider } from '../../one-step.ts';
import { allOf } from '../losses.ts';
import type { SchemaSpec, SchemaState } from './model.ts';

export type SchemaStep = OneStep<SchemaSpec, undefined>;

/** The pure half of what arc knows of schemas. */
export function schemaDecider(): Decider<SchemaSpec, SchemaState, undefined, SchemaStep> {
  return oneStepDecider({ kind: 'schema', decide: decideSchema });
}

/** Decides what the schema of a topic needs. Pure. */
export function decideSchema({
  address,
  wanted,
  seen,
  decided,
}: Case<SchemaSpec, SchemaState>): Decision<undefined> {
  const name = nameOf(address);
  if (wanted === undefined) return decideUnwanted({ name, state: seen?.state, decided });
  const { definition, incompatible, applied } = seen?.state ?? {};
  if (definition === undefined)
    return { kind: 'create', cause: 'no existing schema', event: `${name} has a schema` };
  if (isSameSchema(definition, wanted.spec.definition)) return { kind: 'keep' };
  if (incompatible !== undefined) {
    return {
      kind: 'refuse',
      problem: {
        code: 'schema-incompatible',
        message: `The new schema of ${name} does not fit what readers and writers of it have.`,
        detail: [incompatible],
        suggestion:
          'make new fields optional and keep the others, or declare the next version as a message of its own, with a topic of its own',
      },
    };
  }
  const isByHand = applied === hashOf(wanted.spec.definition);
  return {
    kind: 'change',
    cause: isByHand ? 'another schema was uploaded by hand' : 'the contract has another schema',
    event: `${name} has another schema`,
    changes: [{ path: 'schema', ...(isByHand && { byHand: true as const }) }],
  };
}

/** It goes with its topic, whose messages it explains; alone only where a topic that is declared has none any more. */
function decideUnwanted(options: {
  name: string;
  state: SchemaState | undefined;
  decided: Case<SchemaSpec, SchemaState>['decided'];
}): Decision<undefined> {
  const { name, state, decided } = options;
  const topic = decided(addressOf('topic', name))?.kind;
  if (state?.held === undefined || topic === undefined || topic === 'delete') return { kind: 'keep' };
  return {
    kind: 'delete',
    cause: 'no contract declares it any more',
    event: `${name} has no schema`,
    loses: allOf(state.held).map(({ kind, text }) => ({ kind, text: `what explains ${text}` })),
  };
}

export function isSameSchema(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

/** Short enough for a property, and the same for equal schemas. */
export function hashOf(definition: unknown): string {
  return hash('sha256', canonicalJson(definition)).slice(0, 16);
}
