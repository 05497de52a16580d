import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPage, sourceFiles } from '../support/documents.ts';
import { repository } from '../support/run-arc.ts';

const kebab = /'([a-z0-9]+(?:-[a-z0-9]+)*)'/g;

/** Every way in which a code gets into a problem: as a field, or through the two functions that make one of it. */
function codesInSource(): ReadonlySet<string> {
  const codes = new Set<string>();
  for (const { path, text } of sourceFiles()) {
    for (const [field] of text.matchAll(/\bcode: [^,\n}]*'[^,\n}]*/g)) {
      for (const [, code = ''] of field.matchAll(kebab)) codes.add(code);
    }
    const reported = path.startsWith('src/manifest/') ? text : '';
    for (const [, code = ''] of reported.matchAll(/\breport\(\s*'([a-z-]+)'/g)) codes.add(code);
    for (const [, code = ''] of text.matchAll(/\brepeated\(\s*[^']*'([a-z-]+)'/g)) codes.add(code);
    for (const [, code = ''] of text.matchAll(/error\[([a-z-]+)\]/g)) codes.add(code);
  }
  const launcher = readFileSync(join(repository, 'bin', 'arc'), 'utf8');
  for (const [, code = ''] of launcher.matchAll(/\bfail ([a-z]+(?:-[a-z]+)+) /g)) codes.add(code);
  return codes;
}

function codesInPage(): readonly string[] {
  const rows = readPage('docs/troubleshooting.md').prose.matchAll(/^\| `([a-z0-9-]+)` \|/gm);
  return Array.from(rows, ([, code = '']) => code);
}

it('every code of an error or a warning has a row in docs/troubleshooting.md, and only those have', () => {
  expect([...codesInPage()].sort()).toEqual([...codesInSource()].sort());
});

it('every row says what it means and what to do', () => {
  const rows = readPage('docs/troubleshooting.md').prose.match(/^\| `[a-z0-9-]+` \|.*$/gm) ?? [];
  for (const row of rows) {
    const cells = row.split(/(?<!\\)\|/).map((cell) => cell.trim());
    expect(cells, row).toHaveLength(5);
    for (const cell of cells.slice(1, 4)) expect(cell, row).not.toBe('');
  }
});
