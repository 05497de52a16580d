// Puts the providers' schemas of their probes into schemas/service.schema.json, which stays one file with everything in
// it, for editors:
//   node scripts/provider-schemas.ts            writes
//   node scripts/provider-schemas.ts --check    exits with 3 where the file is out of date
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ownProbes, providers } from '../src/app/providers.ts';

const repository = join(import.meta.dirname, '..');
const target = join(repository, 'schemas/service.schema.json');

type Schema = Readonly<Record<string, unknown>>;
type Definitions = Readonly<Record<string, Schema>>;

/** The schema of manifests as it is, and as it should be. */
export function serviceSchemas(): { written: Schema; wanted: Schema } {
  const written = readSchema(target);
  const definitions = written.$defs as Definitions;
  const fragments = providers.map(({ name, probe }) => [
    definitionName(probe.kind),
    readSchema(join(repository, 'src/providers', name, 'probe.schema.json')),
  ]);
  // The Engine's own opinion has no port and comes last.
  const own = [...ownProbes, ...providers.map(({ probe }) => probe)];
  const kinds = [...own.map(({ kind }) => kind), 'container'];
  const oneOf = kinds.map((kind) => ({ $ref: `#/$defs/${definitionName(kind)}` }));
  const wanted = {
    ...written,
    $defs: {
      ...definitions,
      probe: { ...definitions.probe, oneOf },
      ...(Object.fromEntries(fragments) as Definitions),
    },
  };
  return { written, wanted };
}

function definitionName(kind: string): string {
  return `${kind}_probe`;
}

function readSchema(path: string): Schema {
  return JSON.parse(readFileSync(path, 'utf8')) as Schema;
}

if (import.meta.main) {
  const { written, wanted } = serviceSchemas();
  const check = process.argv.includes('--check');
  if (!isDeepStrictEqual(written, wanted)) {
    console.log(`${check ? 'out of date' : 'wrote'} schemas/service.schema.json`);
    if (check) process.exitCode = 3;
    else {
      writeFileSync(target, JSON.stringify(wanted, undefined, 2));
      execFileSync(join(repository, 'node_modules/.bin/biome'), ['format', '--write', target]);
    }
  }
}
