// arc's own schema check beside Ajv, on the manifests of this repository:
//   node scripts/measure/schema-check.ts
// Ajv has to be loaded, and to compile the schemas, at each start; or to bring generated code along.
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkNode } from '../../src/manifest/schema/check.ts';
import { shapesOf } from '../../src/manifest/schema/shape.ts';
import { parseYaml } from '../../src/manifest/yaml/parse.ts';
import { elapsed, medianOf, printLine } from './median.ts';

const repository = join(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(join(repository, file), 'utf8');
const schema = JSON.parse(read('schemas/service.schema.json'));
const trees = globSync('services/*/service.yaml', { cwd: repository }).flatMap((file) => {
  const { tree } = parseYaml({ file, content: read(file) });
  return tree === undefined ? [] : [tree];
});
const own = (): void => {
  const shapes = shapesOf(schema);
  for (const node of trees) checkNode({ schema, shapes, node });
};
printLine(medianOf({ runs: 1, work: () => elapsed(own) }), 'own check, the first time');
printLine(medianOf({ runs: 9, work: () => elapsed(own) }), 'own check, once more');

const ajv = `const start = performance.now();
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  new Ajv2020({ strict: false, validateFormats: false }).compile(${JSON.stringify(schema)});
  console.log(performance.now() - start);`;
const compile = (): number =>
  Number(execFileSync(process.execPath, ['--input-type=module', '--eval', ajv], { cwd: repository }));
printLine(medianOf({ runs: 5, work: compile }), 'Ajv, loaded and compiled');
