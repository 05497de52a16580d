import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { eventsOf, repository } from './run-arc.ts';

type Definition = {
  $ref?: string;
  properties: Readonly<Record<string, { enum?: readonly string[] } | undefined>>;
  required?: readonly string[];
};

const schema = JSON.parse(readFileSync(join(repository, 'schemas', 'events.schema.json'), 'utf8')) as {
  $defs: Readonly<Record<string, Definition>>;
};
// Conditions name fields that they do not describe anew.
const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, discriminator: false });
const validate = ajv.compile(schema);

/** What Ajv finds wrong with an event of `--json`; nothing where it fits the schema. */
export function eventFaults(event: unknown): readonly string[] {
  if (validate(event)) return [];
  const type = (event as { type?: string }).type ?? '';
  // Of all types that it might be, only what is wrong with its own is of use.
  const own = (validate.errors ?? []).filter(({ schemaPath }) => schemaPath.includes(`/${type}/`));
  return (own.length === 0 ? (validate.errors ?? []) : own).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

/** The events that a command wrote; one that does not fit the schema, or no version in the first, is an error. */
export function validEventsOf(stdout: string): Record<string, unknown>[] {
  const events = eventsOf(stdout);
  const faults = events.flatMap((event) =>
    eventFaults(event).map((fault) => `${fault} in ${JSON.stringify(event)}`),
  );
  const [first] = events;
  if (first?.type !== 'started') faults.push(`the first event is not \`started\`: ${stdout}`);
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return events;
}

/** A definition of the schema, with what it refers to in its place. */
export function definition(name: string): Definition {
  const found = schema.$defs[name];
  if (found === undefined) throw new Error(`the schema has no ${name}`);
  return found.$ref === undefined ? found : definition(found.$ref.slice('#/$defs/'.length));
}
