import { type FieldTable, type FieldValues, fieldText } from './fields.ts';

/** What arc wrote into the metadata of a stream or consumer when it set it. */
export type NatsMark = {
  project: string;
  /** `found`: it was there before arc knew of it, so arc never removes it. */
  origin: 'made' | 'found';
  /** Each field as arc last applied it, in words. */
  applied: Readonly<Record<string, string>>;
};

const prefix = 'arc.';

/** arc's mark; undefined on what arc does not know. */
export function readMark(metadata: Readonly<Record<string, string>> = {}): NatsMark | undefined {
  const { [`${prefix}project`]: project, [`${prefix}origin`]: origin } = metadata;
  if (project === undefined) return undefined;
  const applied = Object.entries(metadata).flatMap(([key, value]) =>
    key.startsWith(appliedPrefix) ? [[key.slice(appliedPrefix.length), value] as const] : [],
  );
  return { project, origin: origin === 'made' ? 'made' : 'found', applied: Object.fromEntries(applied) };
}

const appliedPrefix = `${prefix}applied.`;

/** The whole metadata that something should have: arc's own, and the rest unchanged. */
export function withMark(options: {
  metadata: Readonly<Record<string, string>> | undefined;
  project: string;
  origin: NatsMark['origin'];
  table: FieldTable;
  fields: FieldValues;
}): Record<string, string> {
  const { metadata = {}, project, origin, table, fields } = options;
  return {
    ...Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith(prefix))),
    [`${prefix}project`]: project,
    [`${prefix}origin`]: origin,
    ...Object.fromEntries(
      Object.entries(table)
        .filter(([name]) => fields[name] !== undefined)
        .map(([name, rule]) => [appliedPrefix + name, fieldText(rule, fields[name])]),
    ),
  };
}
