import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Secret } from '../core/secret.ts';
import { formatSecret, parseSecrets } from './secrets-format.ts';

const parse = (text: string) => parseSecrets({ file: 'secrets.env', text });

function valuesOf(text: string): Record<string, string> {
  const { entries, problems } = parse(text);
  expect(problems).toEqual([]);
  return Object.fromEntries(Array.from(entries, ([name, { value }]) => [name, value.reveal()]));
}

describe('lines of a secrets file', () => {
  test.each([
    ['a plain value', 'A=Summer#2026-long-enough', 'Summer#2026-long-enough'],
    ['what opens and closes nothing', 'A=p@ss/w0rd==', 'p@ss/w0rd=='],
    ['a leading zero', 'A=012345678901', '012345678901'],
    ['single quotes', `A='p@ss/w0rd== "$HOME\` \\n #x'`, 'p@ss/w0rd== "$HOME` \\n #x'],
    ['double quotes', `A="it's \\"\\$5\\"\\n\\\\\\t"`, `it's "$5"\n\\\t`],
    ['a Windows line end', 'A=b\r\n', 'b'],
  ])('are read whole: %s', (_, text, value) => {
    expect(valuesOf(text)).toEqual({ A: value });
  });

  test('may be empty or comments', () => {
    expect(valuesOf('\n# A=b\n  # more\n\t\r\nA=b')).toEqual({ A: 'b' });
  });

  test.each([
    ['a space after the value', 'A=b ', '1:4 The value of A has a character here that needs quotes.'],
    [
      'a comment after the value',
      'A=Summer #2026',
      '1:9 The value of A has a character here that needs quotes.',
    ],
    ['a comment in its place', 'A=#b', '1:3 The value of A has a character here that needs quotes.'],
    ['a variable', 'A=b$c', '1:4 The value of A has a character here that needs quotes.'],
    ['a quote inside', "A=it's", '1:5 The value of A has a character here that needs quotes.'],
    ['spaces around the =', 'A = b', '1:2 This line is neither NAME=value nor a comment.'],
    ['a space before the name', ' A=b', '1:1 This line is neither NAME=value nor a comment.'],
    ['export', 'export A=b', '1:1 This line is neither NAME=value nor a comment.'],
    ['YAML', 'A: b', '1:1 This line is neither NAME=value nor a comment.'],
    ['a name with a dash', 'A-B=c', '1:1 This line is neither NAME=value nor a comment.'],
    ['the rest of a value in two lines', 'A=b\nc', '2:1 This line is neither NAME=value nor a comment.'],
    ['no value', 'A=', '1:3 A has no value.'],
    ['an empty value', "A=''", '1:3 A has an empty value.'],
    ['an open quote', "A='b", '1:3 The value of A begins with a quote that is never closed.'],
    ['an open double quote', 'A="b\\"', '1:3 The value of A begins with a quote that is never closed.'],
    ['text after the quote', "A='b'c", '1:6 The value of A goes on after its closing quote.'],
    ['a comment after the quote', 'A="b" # c', '1:6 The value of A goes on after its closing quote.'],
    ['an unknown escape', 'A="b\\x"', '1:5 The value of A has an unknown escape here.'],
    [
      'a variable in double quotes',
      'A="b$c"',
      '1:5 The value of A has a $ here, which other programs would replace.',
    ],
    ['the same name twice', 'A=b\nA=c', '2:1 A is set a second time; the first is in line 1.'],
  ])('are an error with line and column otherwise: %s', (_, text, problem) => {
    expect(
      parse(text).problems.map(({ message, location }) => `${location?.line}:${location?.column} ${message}`),
    ).toEqual([problem]);
  });

  test('show nothing of a value that cannot be read, and name it for redaction', () => {
    for (const line of [
      'A=Summer 2026',
      'A = Summer2026',
      "A='Summer2026",
      'Summer2026',
      'A=1\nA=Summer2026',
    ]) {
      const { problems, suspects } = parse(line);
      expect(JSON.stringify(problems)).not.toContain('Summer');
      expect(suspects.map((secret) => secret.reveal()).join()).toContain('Summer');
    }
  });

  test('hold every value that is text, whatever is in it', () => {
    const hard = fc.constantFrom(
      "'",
      '"',
      '\\',
      '$',
      '`',
      '#',
      ' ',
      '=',
      '\n',
      '\r',
      '\t',
      'a',
      'ä',
      '\u{1F600}',
    );
    const value = fc.oneof(fc.string({ unit: hard, minLength: 1 }), fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(value, (text) => {
        const line = formatSecret({ name: 'A', value: new Secret(text) });
        expect(valuesOf(`B=before\n${line}\nC=after\n`)).toEqual({ B: 'before', A: text, C: 'after' });
      }),
      { numRuns: 2000 },
    );
  });

  test('are all read, or an error: no text is passed over', () => {
    const token = fc.constantFrom('A', '=', "'", '"', '\\', '$', '#', ' ', '\n', '\r', 'b', 'export ');
    fc.assert(
      fc.property(fc.string({ unit: token }), (text) => {
        const { entries, problems } = parse(text);
        const meant = text.split('\n').filter((line) => !/^[ \t]*(#|$)/.test(line.replace(/\r$/, '')));
        expect(entries.size + problems.length).toBe(meant.length);
      }),
      { numRuns: 2000 },
    );
  });
});
