// Writes what of docs/ follows from something else, between its markers:
//   node scripts/docs.ts            writes
//   node scripts/docs.ts --check    exits with 3 where a page is out of date
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeBench } from './docs-bench.ts';
import { describeCommands } from './docs-commands.ts';
import { describeContracts } from './docs-contracts.ts';
import { describeSchema, type Schema } from './docs-schema.ts';
import { describeServices } from './docs-services.ts';

const repository = join(import.meta.dirname, '..');

/** Pages with generated parts, between `<!-- generated: <schema, run of the bench, or one of `tables`> -->` and `<!-- end -->`. */
const pages = ['README.md', 'docs/manifest.md', 'docs/contracts.md', 'docs/images-lock.md'];

/** What follows from something else than a schema or a run of the bench. */
const tables: Readonly<Record<string, string>> = {
  commands: await describeCommands(),
  contracts: describeContracts(),
  services: await describeServices(),
};

/** A page as it should be; what stands outside of the markers is kept. */
export function refreshPage(text: string): string {
  return text.replaceAll(
    /(<!-- generated: (\S+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, open: string, source: string, close: string) => `${open}\n${generate(source)}\n\n${close}`,
  );
}

function generate(source: string): string {
  return tables[source] ?? (source.startsWith('docs/bench') ? describeBench(source) : fromSchema(source));
}

function fromSchema(file: string): string {
  return describeSchema(JSON.parse(readFileSync(join(repository, file), 'utf8')) as Schema);
}

/** The pages that are out of date, with their new text. */
export function outdatedPages(): readonly { page: string; text: string }[] {
  return pages.flatMap((page) => {
    const before = readFileSync(join(repository, page), 'utf8');
    const text = refreshPage(before);
    return text === before ? [] : [{ page, text }];
  });
}

if (import.meta.main) {
  const outdated = outdatedPages();
  const check = process.argv.includes('--check');
  for (const { page, text } of outdated) {
    if (!check) writeFileSync(join(repository, page), text);
    console.log(`${check ? 'out of date' : 'wrote'} ${page}`);
  }
  if (check && outdated.length > 0) process.exitCode = 3;
}
