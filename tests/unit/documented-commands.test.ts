import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  commandsElsewhere,
  commandsOf,
  notRun,
  pagesRun,
  runElsewhere,
} from '../support/documented-commands.ts';
import { readPage } from '../support/documents.ts';
import { repository } from '../support/run-arc.ts';

describe('commands in the sh blocks of the pages', () => {
  it('are run by the test of the README, or listed with the test that runs them or a reason', () => {
    expect(Object.keys(runElsewhere).sort()).toEqual([...commandsElsewhere()].sort());
  });

  it('are left out by the test of the README only where its pages have them', () => {
    const commands = pagesRun.map(readPage).flatMap(commandsOf);
    for (const command of Object.keys(notRun)) expect(commands).toContain(command);
  });

  const tested = Object.entries(runElsewhere).flatMap(([command, how]) =>
    'test' in how ? [{ command, test: how.test }] : [],
  );
  it.each(tested)('$command: its words are in $test', ({ command, test }) => {
    expect(existsSync(join(repository, test))).toBe(true);
    const text = readFileSync(join(repository, test), 'utf8');
    // Verbs and flags; names of services, files and versions are the test's own.
    const [program = '', ...words] = command.split(' ');
    const verbs = /(^|\/)arc$/.test(program)
      ? words.slice(0, words[0] === 'images' ? 2 : 1)
      : words.slice(0, 1);
    const flags = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split('=')[0] ?? '');
    for (const word of new Set([...verbs, ...flags]))
      expect(text, word).toMatch(new RegExp(`['\`]${word}['=\`]`));
  });
});
