import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

// Schemas of the upstreams' own config files are part of the program, but are read when one is needed: a new
// upstream is a new file in schemas/upstream/ and nothing else.
const suffix = '.schema.json';
let folder: string | undefined;
let names: ReadonlySet<string> | undefined;
const upstream = new Map<string, DocumentSchema>();

/** Names of the schemas in schemas/upstream/, without `.schema.json`. */
export function upstreamSchemaNames(): ReadonlySet<string> {
  names ??= new Set(
    readdirSync(upstreamFolder())
      .filter((file) => file.endsWith(suffix))
      .map((file) => file.slice(0, -suffix.length))
      .sort(),
  );
  return names;
}

/** The schema of an upstream's config file; none where there is no such name. */
export function upstreamSchema(name: string): DocumentSchema | undefined {
  if (!upstreamSchemaNames().has(name)) return undefined;
  const known = upstream.get(name);
  if (known !== undefined) return known;
  const schema = JSON.parse(readFileSync(join(upstreamFolder(), `${name}${suffix}`), 'utf8')) as JsonSchema;
  const prepared = prepare(schema);
  upstream.set(name, prepared);
  return prepared;
}

/** From the source tree, or from the bundle in dist/: the folder is beside either in the package. */
function upstreamFolder(): string {
  folder ??= ['../../../schemas/upstream', '../schemas/upstream']
    .map((path) => join(import.meta.dirname, path))
    .find((path) => existsSync(path));
  if (folder === undefined) throw new Error('the package is incomplete: schemas/upstream/ is missing');
  return folder;
}

function prepare(schema: JsonSchema): DocumentSchema {
  return { schema, shapes: shapesOf(schema) };
}
