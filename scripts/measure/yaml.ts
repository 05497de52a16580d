// js-yaml's event parser, which arc uses, beside the package `yaml`, which its tests use:
//   node scripts/measure/yaml.ts
// First the manifests of this repository in a cold process, with loading the parser; then 1 MiB that is made to be slow.
import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { maximumFileSize } from '../../src/core/text.ts';
import { medianOf, printLine } from './median.ts';

const repository = join(import.meta.dirname, '..', '..');
const manifests = globSync('services/*/service.yaml', { cwd: repository }).map((file) =>
  join(repository, file),
);

/** For one text. Milliseconds. */
const limit = 20_000;

const parsers = {
  'js-yaml':
    "import { parseEvents } from 'js-yaml'; const parse = (text) => parseEvents(text, { maxDepth: 100 });",
  yaml: "import { parseDocument } from 'yaml'; const parse = (text) => parseDocument(text);",
};
const fill = (unit: string): string => unit.repeat(Math.floor((maximumFileSize - 10) / unit.length));
const hostile = {
  'nested lists in one line': fill('- '),
  'anchors without end': fill('&a '),
  'the same key again and again': Array.from({ length: 100_000 }, () => 'k: 1').join('\n'),
  'lists as keys': fill('[[a]: '),
};

for (const [name, program] of Object.entries(parsers)) {
  const cold = `const start = performance.now(); ${program.replace(/^import (.*) from ('.*?');/, 'const $1 = await import($2);')}
    const { readFileSync } = await import('node:fs');
    for (const file of ${JSON.stringify(manifests)}) parse(readFileSync(file, 'utf8'));
    console.log(performance.now() - start);`;
  printLine(medianOf({ runs: 9, work: () => Number(node(cold)) }), `${name}: all manifests, cold`);
  for (const [what, text] of Object.entries(hostile)) {
    const slow = `${program}
      import { readFileSync } from 'node:fs';
      const text = readFileSync(0, 'utf8'), start = performance.now();
      try { parse(text) } catch {}
      console.log(performance.now() - start);`;
    try {
      printLine(Number(node(slow, text)), `${name}: 1 MiB of ${what}`);
    } catch {
      console.log(`     more than ${limit / 1000} s  ${name}: 1 MiB of ${what}`);
    }
  }
}

function node(script: string, input = ''): string {
  const args = ['--input-type=module', '--eval', script];
  return execFileSync(process.execPath, args, { cwd: repository, encoding: 'utf8', input, timeout: limit });
}
