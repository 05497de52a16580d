import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import contract from '../../../schemas/contract.schema.json' with { type: 'json' };
import imagesLock from '../../../schemas/images-lock.schema.json' with { type: 'json' };
import profiles from '../../../schemas/profiles.schema.json' with { type: 'json' };
import service from '../../../schemas/service.schema.json' with { type: 'json' };
import workspace from '../../../schemas/workspace.schema.json' with { type: 'json' };
import { type JsonSchema, type Shapes, shapesOf } from './shape.ts';

/** A schema of a whole file, ready to check with. */
export type DocumentSchema = { schema: JsonSchema; shapes: Shapes };

/** Schemas of the files that arc itself defines. */
export const manifestSchemas = {
  service: prepare(service),
  profiles: prepare(profiles),
  workspace: prepare(workspace),
  imagesLock: prepare(imagesLock),
};

/** A file of contracts/. */
export const contractSchema = prepare(contract);

/** A separate file with a list of provisioned objects. */
export const provisionListSchema = prepare({
  title: 'a list of what is provisioned',
  type: 'array',
  items: { $ref: '#/$defs/provisioned' },
  $defs: service.$defs,
});

// Schemas of the upstreams' own config files, and of what can be provisioned, are part of the program, but are read
// when one is needed: a new one is a new file in its folder and nothing else.
const upstreams = schemaFolder('upstream');
const provisions = schemaFolder('provision');

/** Names of the schemas in schemas/upstream/, without `.schema.json`. */
export function upstreamSchemaNames(): ReadonlySet<string> {
  return upstreams.names();
}

/** The schema of an upstream's config file; none if there is no such name. */
export function upstreamSchema(name: string): DocumentSchema | undefined {
  return upstreams.schema(name);
}

/** Kinds of what can be provisioned: the schemas in schemas/provision/, without `.schema.json`. */
export function provisionKinds(): ReadonlySet<string> {
  return provisions.names();
}

/** The schema of what is provisioned, by its kind; none if there is no such kind. */
export function provisionSchema(kind: string): DocumentSchema | undefined {
  return provisions.schema(kind);
}

function schemaFolder(name: string): {
  names: () => ReadonlySet<string>;
  schema: (name: string) => DocumentSchema | undefined;
} {
  const suffix = '.schema.json';
  const prepared = new Map<string, DocumentSchema>();
  let folder: string | undefined;
  let known: ReadonlySet<string> | undefined;
  const path = (): string => {
    folder ??= findSchemas(name);
    return folder;
  };
  const names = (): ReadonlySet<string> => {
    known ??= new Set(
      readdirSync(path())
        .filter((file) => file.endsWith(suffix))
        .map((file) => file.slice(0, -suffix.length))
        .sort(),
    );
    return known;
  };
  return {
    names,
    schema(wanted) {
      const ready = prepared.get(wanted);
      if (ready !== undefined || !names().has(wanted)) return ready;
      const text = readFileSync(join(path(), `${wanted}${suffix}`), 'utf8');
      const schema = prepare(JSON.parse(text) as JsonSchema);
      prepared.set(wanted, schema);
      return schema;
    },
  };
}

/** From the source tree, or from the bundle in dist/: schemas/ is beside either in the package. */
function findSchemas(name: string): string {
  const folder = ['../../../schemas', '../schemas']
    .map((path) => join(import.meta.dirname, path, name))
    .find((path) => existsSync(path));
  if (folder === undefined) throw new Error(`the package is incomplete: schemas/${name}/ is missing`);
  return folder;
}

function prepare(schema: JsonSchema): DocumentSchema {
  return { schema, shapes: shapesOf(schema) };
}
