import type { GrantEntry, GrantObject, GrantsSpec, GrantsState, ObjectKind, Privilege } from './model.ts';

/** What is to be granted and what is to be revoked. */
export type GrantsDifference = { missing: readonly Privilege[]; extra: readonly Privilege[] };

/**
 * Compares what a role has with what is declared, as sets. Only objects that an entry names are compared; a privilege
 * that is on a column only, or that may be passed on, is not the one that was declared.
 */
export function compareGrants(options: {
  spec: GrantsSpec;
  state: Pick<GrantsState, 'objects' | 'held'>;
}): GrantsDifference {
  const { spec, state } = options;
  const declared = new Map<string, Privilege>();
  const owned = new Set<string>();
  for (const entry of spec.entries) {
    for (const object of state.objects.filter((one) => isNamed(entry, one))) {
      owned.add(objectText(object));
      for (const privilege of entry.privileges) {
        const one = { object, privilege };
        declared.set(privilegeText(one), one);
      }
    }
  }
  const held = new Map(state.held.map((one) => [privilegeText(one), one]));
  return {
    missing: [...declared].filter(([text]) => !held.has(text)).map(([, one]) => one),
    extra: [...held]
      .filter(([text, { object }]) => owned.has(objectText(object)) && !declared.has(text))
      .map(([, one]) => one),
  };
}

/** Objects that an entry names and that are not there. */
export function absentObjects(options: {
  spec: GrantsSpec;
  state: Pick<GrantsState, 'objects'>;
}): readonly string[] {
  const { spec, state } = options;
  const there = new Set(state.objects.map(objectText));
  const named = new Set(spec.entries.flatMap(namedObjects).map(objectText));
  return [...named].filter((text) => !there.has(text));
}

/** Those that are named by their names, the schema of others among them. */
function namedObjects({ on, schema, names }: GrantEntry): readonly GrantObject[] {
  if (schema === undefined) return [];
  const itself: GrantObject = { on: 'schema', schema };
  if (on === 'schema' || names === undefined) return [itself];
  return names.map((name) => ({ on: kindOfTarget[on], schema, name }));
}

const kindOfTarget: Readonly<Record<GrantEntry['on'], ObjectKind>> = {
  database: 'database',
  schema: 'schema',
  tables: 'table',
  sequences: 'sequence',
};

function isNamed({ on, schema, names }: GrantEntry, object: GrantObject): boolean {
  return (
    object.on === kindOfTarget[on] &&
    object.schema === schema &&
    (names === undefined || (object.name !== undefined && names.includes(object.name)))
  );
}

/** `agents.conversations`, `schema agents`, `the database`. */
export function objectText({ on, schema, name }: GrantObject): string {
  switch (on) {
    case 'database':
      return 'the database';
    case 'schema':
      return `schema ${schema}`;
    case 'table':
      return `${schema}.${name}`;
    case 'sequence':
      return `sequence ${schema}.${name}`;
    default:
      return on satisfies never;
  }
}

/** `select on agents.conversations` */
export function privilegeText({ object, privilege, column, passesOn }: Privilege): string {
  const of = column === undefined ? '' : ` (${column})`;
  return `${privilege}${of}${passesOn ? ' with grant option' : ''} on ${objectText(object)}`;
}

/** `select, insert on agents.conversations; usage on schema agents` */
export function privilegesText(privileges: readonly Privilege[]): string {
  const byObject = Map.groupBy(privileges, ({ object }) => objectText(object));
  return [...byObject]
    .map(([on, own]) => {
      const words = own.map((one) => privilegeText(one).slice(0, -` on ${on}`.length));
      return `${words.join(', ')} on ${on}`;
    })
    .join(', ');
}
