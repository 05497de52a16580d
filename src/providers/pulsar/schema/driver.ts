import { defined } from '../../../core/defined.ts';
import type { Applied, InsideDriver } from '../../../core/driver.ts';
import { type Address, addressOf, nameOf, type Seen } from '../../../core/resource.ts';
import { call, callUnlessMissing, PulsarRefusal, type PulsarServer } from '../client.ts';
import { explainRefusals } from '../failure.ts';
import { inParallel } from '../in-parallel.ts';
import type { Properties } from '../mark.ts';
import { namespaceOf } from '../names.ts';
import { ownNamespaces } from '../own-namespaces.ts';
import { readTopic } from '../topic/read.ts';
import { heldIn, statsOf, topicsOf } from '../topics.ts';
import { hashOf, isSameSchema, type SchemaStep, schemaDecider } from './decide.ts';
import type { SchemaSpec, SchemaState } from './model.ts';

/** In the properties of the topic: those of a schema cannot be changed. */
const property = 'arc.schema';

/** Schemas of topics. */
export function schemaDriver(
  project: string,
): InsideDriver<SchemaSpec, SchemaState, undefined, SchemaStep, PulsarServer> {
  return {
    ...schemaDecider(),
    observe: ({ at: server, wanted, alone = false, signal }) =>
      explainRefusals({ server, doing: 'read the schemas' }, async () => {
        const declared = new Set(wanted.map(({ spec }) => spec.name));
        const used = new Set([...declared].map(namespaceOf));
        const namespaces = alone
          ? [...used]
          : await ownNamespaces({ server, project, declared: used, signal });
        const seen = await inParallel(
          wanted.filter(({ spec }) => namespaces.includes(namespaceOf(spec.name))),
          async ({ spec }): Promise<readonly [Address, Seen<SchemaState>]> => [
            addressOf('schema', spec.name),
            { state: await readSchema({ server, spec, signal }), needs: [] },
          ],
        );
        const leftovers = alone ? [] : await leftoversIn({ server, namespaces, declared, signal });
        return new Map([...seen, ...leftovers]);
      }),
    apply: ({ step, at: server, io: { signal } }) => {
      const name = nameOf(step.of);
      return explainRefusals(
        { server, doing: `${step.verb} the schema of ${name}` },
        async (): Promise<Applied> => {
          const { spec } = step.work;
          if (spec === undefined) {
            await call({ server, method: 'DELETE', path: `schemas/${name}/schema?force=true`, signal });
            const path = `persistent/${name}/properties?key=${property}`;
            await call({ server, method: 'DELETE', path, signal });
            return 'done';
          }
          const body = bodyOf(spec);
          const reason = await objection({ server, spec, signal });
          if (reason !== undefined) throw new PulsarRefusal({ status: 409, reason });
          await call({ server, method: 'POST', path: `schemas/${name}/schema`, body, signal });
          await call({
            server,
            method: 'PUT',
            path: `persistent/${name}/properties`,
            body: { [property]: hashOf(spec.definition) },
            signal,
          });
          return 'done';
        },
      );
    },
  };
}

type Asking = { server: PulsarServer; spec: SchemaSpec; signal: AbortSignal };

/** Schemas that nobody declares any more, and that are still as arc uploaded them. */
async function leftoversIn(options: {
  server: PulsarServer;
  namespaces: readonly string[];
  declared: ReadonlySet<string>;
  signal: AbortSignal;
}): Promise<readonly (readonly [Address, Seen<SchemaState>])[]> {
  const { server, namespaces, declared, signal } = options;
  const topics = await inParallel(namespaces, (namespace) => topicsOf({ server, namespace, signal }));
  const others = topics.flat().filter(({ name, isPersistent }) => isPersistent && !declared.has(name));
  const found = await inParallel(others, async (topic): Promise<readonly [Address, Seen<SchemaState>][]> => {
    const { properties } = await readTopic({ server, topic, signal });
    const applied = properties[property];
    if (applied === undefined) return [];
    const definition = await definitionOf({ server, name: topic.name, signal });
    if (definition === undefined || hashOf(definition) !== applied) return [];
    const held = heldIn(await statsOf({ server, topic, signal }));
    return [[addressOf('schema', topic.name), { state: { definition, applied, held }, needs: [] }]];
  });
  return found.flat();
}

async function definitionOf(options: {
  server: PulsarServer;
  name: string;
  signal: AbortSignal;
}): Promise<unknown> {
  const { server, name, signal } = options;
  const found = await callUnlessMissing({ server, method: 'GET', path: `schemas/${name}/schema`, signal });
  return found === undefined ? undefined : JSON.parse((found as { data: string }).data);
}

/** The newest schema, and where it is another one than is wanted, what the broker says to that. */
async function readSchema(asking: Asking): Promise<SchemaState> {
  const { server, spec, signal } = asking;
  const { name } = spec;
  const definition = await definitionOf({ server, name, signal });
  if (definition === undefined) return {};
  if (isSameSchema(definition, spec.definition)) return { definition };
  const [incompatible, properties] = await Promise.all([
    objection(asking),
    callUnlessMissing({ server, method: 'GET', path: `persistent/${name}/properties`, signal }),
  ]);
  const applied = (properties as Properties | undefined)?.[property];
  return { definition, ...defined({ incompatible, applied }) };
}

/** Why the broker would refuse a schema; undefined if it would not. It tells by an error what it does not take. */
async function objection({ server, spec, signal }: Asking): Promise<string | undefined> {
  try {
    const answer = (await call({
      server,
      method: 'POST',
      path: `schemas/${spec.name}/compatibility`,
      body: bodyOf(spec),
      signal,
    })) as { compatibility: boolean; schemaCompatibilityStrategy: string };
    return answer.compatibility ? undefined : `it breaks ${answer.schemaCompatibilityStrategy}`;
  } catch (cause) {
    if (cause instanceof PulsarRefusal && cause.message.includes('SchemaValidationException'))
      return inShort(cause.message);
    throw cause;
  }
}

/** Without both schemas as a whole. */
function inShort(text: string): string {
  const [, strategy = ''] = /with strategy (\w+)/.exec(text) ?? [];
  const [, missing] = /missing required field (\w+)/.exec(text) ?? [];
  const what =
    missing === undefined ? 'one cannot be read as the other' : `nothing stands for the field ${missing}`;
  return `${strategy === '' ? '' : `${strategy}: `}${what}`;
}

function bodyOf({ definition }: SchemaSpec) {
  return { type: 'JSON', schema: JSON.stringify(definition), properties: {} };
}
