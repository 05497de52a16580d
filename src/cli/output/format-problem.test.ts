import { expect, test } from 'vitest';
import { formatProblem } from './format-problem.ts';

test('a problem with a place shows the line and points into it', () => {
  expect(
    formatProblem({
      code: 'unknown-field',
      message: '"prots" is not a field of a service.',
      detail: ['one fact', 'another fact'],
      suggestion: 'did you mean "ports"?',
      location: { file: 'services/cache/service.yaml', line: 120, column: 3, excerpt: '  prots: []' },
    }),
  ).toBe(`error[unknown-field] services/cache/service.yaml:120:3
  "prots" is not a field of a service.
    120 |   prots: []
        |   ^
  one fact
  another fact
  help: did you mean "ports"?`);
});

test('a problem without a place is its sentence', () => {
  expect(formatProblem({ code: 'no-engine', message: 'No Engine answers.' }, 'warning')).toBe(
    'warning[no-engine]\n  No Engine answers.',
  );
});

test('on a terminal lines break between words, and the excerpt is cut to fit', () => {
  const text = formatProblem(
    {
      code: 'unknown-field',
      message: 'The service of this name has no field that is called like that.',
      detail: ['its fields are name, role and a few others'],
      suggestion: 'leave it out, or write it as the others are written',
      location: { file: 'services/a.yaml', line: 7, column: 60, excerpt: 'word '.repeat(20) },
    },
    'error',
    40,
  );
  expect(text).toBe(`\
error[unknown-field]
  services/a.yaml:7:60
  The service of this name has no field
  that is called like that.
    7 | …word word word word word word …
      |                ^
  its fields are name, role and a few
    others
  help: leave it out, or write it as the
    others are written`);
});

test('a long line is cut around the place', () => {
  const excerpt = `${'a'.repeat(150)}HERE${'b'.repeat(150)}`;
  const [, , line = '', caret = ''] = formatProblem({
    code: 'x',
    message: 'X.',
    location: { file: 'f', line: 1, column: 151, excerpt },
  }).split('\n');
  expect(line.length).toBeLessThan(115);
  expect(line.slice(caret.indexOf('^')).startsWith('HERE')).toBe(true);
});

test('a tab takes one column, and an empty line is not shown', () => {
  const at = { file: 'f', line: 1, column: 2 };
  expect(formatProblem({ code: 'x', message: 'X.', location: { ...at, excerpt: '\tb: 1' } })).toBe(
    'error[x] f:1:2\n  X.\n    1 |  b: 1\n      |  ^',
  );
  expect(formatProblem({ code: 'x', message: 'X.', location: { ...at, excerpt: '  ' } })).toBe(
    'error[x] f:1:2\n  X.',
  );
});

test('what a terminal would obey is not passed on', () => {
  const text = formatProblem({
    code: 'x',
    message: 'a\u001b[31mb',
    detail: ['c\rd\u202Ee'],
    location: { file: 'f', line: 1, column: 1, excerpt: '\u0007' },
  });
  expect(text).toBe('error[x] f:1:1\n  a·[31mb\n    1 | ·\n      | ^\n  c·d·e');
});
