import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { outdatedPages } from '../../scripts/docs.ts';
import { commandTable } from '../../scripts/docs-commands.ts';
import { anchorOf, describeSchema } from '../../scripts/docs-schema.ts';
import { unknownParts } from '../support/command-words.ts';
import { codeSpans, type Page, readPage, readPages } from '../support/documents.ts';
import { repository } from '../support/run-arc.ts';

const pages = readPages();
const table = await commandTable();

/** Command lines in shell blocks and between backquotes, without comments and prompts. */
function commandLines(page: Page): readonly string[] {
  const shell = page.blocks.filter(({ info }) => info === 'sh').flatMap(({ text }) => text.split('\n'));
  return [...shell, ...codeSpans(page)]
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => /^(sudo )?(\.\/bin\/)?(arc|make) \S/.test(line));
}

/** Every target that make knows in this checkout. */
async function makeTargets(): Promise<ReadonlySet<string>> {
  // The database is printed whatever becomes of the question, whose answer is the exit status.
  const { stdout } = await execa('make', ['--print-data-base', '--question', 'help'], {
    cwd: repository,
    reject: false,
  });
  return new Set(Array.from(stdout.matchAll(/^([a-z][a-z-]*):/gm), ([, name = '']) => name));
}

const targets = await makeTargets();

describe.each(pages.map((page) => ({ path: page.path, page })))('$path', ({ page }) => {
  it('names only commands and flags that exist', () => {
    const lines = commandLines(page).filter((line) => !line.startsWith('make '));
    for (const line of lines) expect(unknownParts(table, line), line).toEqual([]);
  });

  it('names only make targets that exist', () => {
    for (const line of commandLines(page)) {
      const target = /^make ([a-z-]+)/.exec(line)?.[1];
      // The service of docs/adding-a-service.md, whose targets are generated in its test.
      if (target !== undefined && target !== 'notes-help') expect(targets, line).toContain(target);
    }
  });

  it('has no link that leads nowhere', () => {
    for (const [, target = ''] of page.prose.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const path = file === '' ? page.path : normalize(join(dirname(page.path), file));
      expect(existsSync(join(repository, path)), target).toBe(true);
      if (anchor === undefined) continue;
      const headings = Array.from(readPage(path).prose.matchAll(/^#+ (.+)$/gm), ([, text = '']) =>
        anchorOf(text),
      );
      expect(headings, target).toContain(anchor);
    }
  });

  it('names no folder of somebody’s machine', () => {
    expect(page.text).not.toMatch(/\/(work|root|home)\//);
  });
});

describe('generated parts', () => {
  it('are up to date: node scripts/docs.ts writes them', () => {
    expect(outdatedPages().map(({ page }) => page)).toEqual([]);
  });

  it('say once what a file is for, whether its schema has definitions or not', () => {
    const schema = { description: 'A shelf.', properties: { name: { type: 'string' } } };
    for (const one of [schema, { ...schema, $defs: {} }]) {
      expect(describeSchema(one).split('A shelf.')).toHaveLength(2);
    }
  });

  it('have the commands in the words and in the order of arc --help', async () => {
    const { stdout } = await execa(process.execPath, [join(repository, 'src', 'main.ts'), '--help']);
    const shown = Array.from(
      stdout
        .slice(stdout.indexOf('Commands:'))
        .replaceAll(/\n {10,}/g, ' ')
        .matchAll(/^ {2}([a-z]+) .*? {2,}(.*)$/gm),
      ([, name, description]) => `${name}: ${description}`,
    ).filter((line) => !line.startsWith('help:'));
    const rows = readPage('README.md').prose.matchAll(/^\| `arc ([a-z]+)(?: [<[][^`]*)?` \| (.*) \|$/gm);
    expect(Array.from(rows, ([, name, description]) => `${name}: ${description}`)).toEqual(shown);
  });
});

describe('docs/dependencies.md', () => {
  const manifest = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as Record<
    'devDependencies' | 'optionalDependencies',
    Record<string, string>
  > & { dependencies?: Record<string, string> };
  const rows = Array.from(
    readPage('docs/dependencies.md').prose.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm),
    ([, name = '', licence = '']) => ({ name, licence }),
  );

  it('has a line for each dependency, and none without one', () => {
    const wanted = Object.keys({ ...manifest.devDependencies, ...manifest.optionalDependencies });
    expect(rows.map(({ name }) => name).sort()).toEqual(wanted.sort());
  });

  it('is right that nothing is installed together with arc, but what is optional', () => {
    expect(manifest.dependencies).toBeUndefined();
  });

  it('has the licences that the packages name', () => {
    for (const { name, licence } of rows) {
      const file = join(repository, 'node_modules', name, 'package.json');
      // An optional package need not be there.
      if (!existsSync(file)) continue;
      const { license } = JSON.parse(readFileSync(file, 'utf8')) as { license: string };
      expect(licence.replace(' or ', ' OR '), name).toBe(license);
    }
  });
});
