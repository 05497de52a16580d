import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { repository } from '../../../tests/support/run-arc.ts';
import { digestOfPages, documentation } from './documentation.ts';
import { fixRecipe } from './fixed-step.ts';

let work: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'arc-docs-'));
});
afterEach(() => {
  rmSync(work, { recursive: true });
});

const step = { kind: 'documentation', pages: ['sql', 'backups'], target: '/opt/docs' } as const;
const contribute = async (given: Parameters<typeof documentation.contribute>[0]) =>
  await documentation.contribute(given, {
    work,
    architecture: 'amd64',
    environment: {},
    update: () => undefined,
    signal: new AbortController().signal,
  });

it("takes arc's own pages, whatever a workspace has in its folder docs", async () => {
  mkdirSync(join(work, 'docs'));
  writeFileSync(join(work, 'docs', 'sql.md'), 'something else');
  const [fixed] = await fixRecipe({ recipe: [step], root: work, folder: 'services/brain' });
  if (fixed?.kind !== 'documentation') return expect.unreachable();
  await contribute(fixed);
  const own = readFileSync(join(repository, 'docs', 'sql.md'), 'utf8');
  expect(readFileSync(join(work, 'root/opt/docs/sql.md'), 'utf8')).toBe(own);
});

it('is another base where a page is another one, and none where other pages are', async () => {
  for (const page of ['sql', 'backups', 'other']) writeFileSync(join(work, `${page}.md`), page);
  const digest = async () => await digestOfPages({ source: work, pages: step.pages });
  const before = await digest();
  writeFileSync(join(work, 'other.md'), 'changed');
  expect(await digest()).toBe(before);
  writeFileSync(join(work, 'sql.md'), 'changed');
  expect(await digest()).not.toBe(before);
});

it('names a page that does not exist', async () => {
  await expect(digestOfPages({ source: work, pages: ['nowhere'] })).rejects.toThrow(
    "arc's documentation has no page nowhere",
  );
});

it('refuses pages that changed since the digest was made', async () => {
  for (const page of step.pages) writeFileSync(join(work, `${page}.md`), page);
  await expect(contribute({ ...step, source: work, contents: 'c0ffee' })).rejects.toThrow('changed while');
});
