import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readPages, sourceFiles } from '../support/documents.ts';
import { repository } from '../support/run-arc.ts';

it('every script in scripts/measure is named where a reason rests on its figures, and only those are', () => {
  const build = readFileSync(join(repository, 'scripts', 'build.mjs'), 'utf8');
  const texts = [...readPages().map(({ text }) => text), ...sourceFiles().map(({ text }) => text), build];
  const named = texts.flatMap((text) =>
    Array.from(text.matchAll(/scripts\/measure\/([\w-]+\.ts)/g), ([, name = '']) => name),
  );
  const scripts = readdirSync(join(repository, 'scripts', 'measure')).filter((name) => name !== 'median.ts');
  expect([...new Set(named)].sort()).toEqual(scripts.sort());
});
