import { describe, expect, test } from 'vitest';
import { maximumFileSize } from '../../core/text.ts';
import { parseYaml } from './parse.ts';
import type { YamlNode } from './tree.ts';

/** The problems of a text, each as `code line:column message`. */
function problemsOf(content: string | Uint8Array): readonly string[] {
  return parseYaml({ file: 'x.yaml', content }).problems.map(
    ({ code, location, message }) => `${code} ${location?.line}:${location?.column} ${message}`,
  );
}

function read(content: string): unknown {
  const { tree, problems } = parseYaml({ file: 'x.yaml', content });
  expect(problems).toEqual([]);
  return tree === undefined ? undefined : plain(tree);
}

function plain(node: YamlNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'sequence':
      return node.items.map(plain);
    case 'mapping':
      return Object.fromEntries(Array.from(node.entries.values(), ({ key, value }) => [key, plain(value)]));
    default:
      return node satisfies never;
  }
}

describe('values', () => {
  test('are those of the core schema of YAML 1.2, where yes and on are text', () => {
    expect(read('[1, 0x1f, 1.5, true, null, ~, yes, on, 1.10.0, -3, "5", 0o17]')).toEqual([
      1,
      31,
      1.5,
      true,
      null,
      null,
      'yes',
      'on',
      '1.10.0',
      -3,
      '5',
      15,
    ]);
  });

  test('keep the text that a number was written as', () => {
    const { tree } = parseYaml({ file: 'x.yaml', content: '1.10' });
    expect(tree).toMatchObject({ kind: 'scalar', value: 1.1, text: '1.10' });
  });

  test('of aliases are those of their anchors, and << brings in what is not there already', () => {
    expect(read('a: &a { x: 1, y: 2 }\nb: { <<: *a, y: 3 }\nc: *a')).toEqual({
      a: { x: 1, y: 2 },
      b: { x: 1, y: 3 },
      c: { x: 1, y: 2 },
    });
    expect(read('- &a { x: 1 }\n- &b { x: 2, y: 2 }\n- { <<: [*a, *b] }')).toEqual([
      { x: 1 },
      { x: 2, y: 2 },
      { x: 1, y: 2 },
    ]);
    expect(read('"<<": 1')).toEqual({ '<<': 1 });
  });

  test('under names that JavaScript has a meaning for are values like any other', () => {
    const { tree } = parseYaml({ file: 'x.yaml', content: '__proto__: 1\nconstructor: 2' });
    expect(tree?.kind === 'mapping' ? [...tree.entries.keys()] : []).toEqual(['__proto__', 'constructor']);
  });

  test('there are none in a file that is empty or only comments', () => {
    for (const content of ['', '\n\n', '# nothing\n', '\uFEFF']) {
      expect(parseYaml({ file: 'x.yaml', content })).toMatchObject({ problems: [] });
      expect(parseYaml({ file: 'x.yaml', content }).tree).toBeUndefined();
    }
  });

  test('have their place, also after CRLF and a byte order mark', () => {
    const { tree, source } = parseYaml({ file: 'x.yaml', content: '\uFEFFa: 1\r\nb:\r\n  c: 2\r\n' });
    const c = tree?.kind === 'mapping' ? tree.entries.get('b')?.value : undefined;
    expect(source?.locate(c?.offset ?? 0)).toEqual({ file: 'x.yaml', line: 3, column: 3, excerpt: '  c: 2' });
  });
});

describe('a file that cannot be meant gets a problem with its place', () => {
  test.each([
    [
      'a tab in the indentation',
      'a:\n\tb: 1',
      'yaml-syntax 2:1 This is not YAML: tab characters must not be used in indentation.',
    ],
    [
      'an open bracket',
      'a: [1',
      'yaml-syntax 1:6 This is not YAML: unexpected end of the stream within a flow collection.',
    ],
    [
      'a key given twice',
      'a: 1\nb: 2\na: 3',
      'duplicate-key 3:1 "a" is given twice; the first is in line 1.',
    ],
    [
      'two documents',
      'a: 1\n---\nb: 2',
      'several-documents 3:1 A second YAML document begins before this line.',
    ],
    ['an alias to nothing', 'a: *b', 'unknown-alias 1:4 This alias names no anchor that comes before it.'],
    ['an alias to itself', '&a [*a]', 'alias-cycle 1:5 This alias is inside the value that it stands for.'],
    ['a merge of text', '<<: text', 'bad-merge 1:5 The merge key << takes a mapping, or a list of mappings.'],
    ['a list as a key', '? [a]\n: b', 'complex-key 1:3 A key must be text, not a list or a mapping.'],
    ['a tag', 'a: !!binary aGk=', 'yaml-tag 1:4 This YAML tag has no meaning here.'],
    [
      'a NUL',
      'a: b\0',
      'control-character 1:5 x.yaml holds the control character U+0000, so it is not a text file.',
    ],
    [
      'an escape sequence',
      'ok: 1\na: \u001b[31m',
      'control-character 2:4 x.yaml holds the control character U+001B, so it is not a text file.',
    ],
  ])('%s', (_, content, problem) => {
    expect(problemsOf(content)).toEqual([problem]);
  });

  test('bytes that are not UTF-8', () => {
    expect(problemsOf(new Uint8Array([0x61, 0x3a, 0x20, 0xff]))).toEqual([
      'not-utf8 1:4 x.yaml is not text in UTF-8: here is the byte 0xFF.',
    ]);
    expect(problemsOf(new Uint8Array([0xff, 0xfe, 0x61, 0x00]))).toEqual([
      'not-utf8 1:1 x.yaml is text in UTF-16, not in UTF-8.',
    ]);
    expect(problemsOf('a: \ud800')).toEqual(['not-utf8 1:4 x.yaml is not text in UTF-8.']);
  });

  test('a file over the limit', () => {
    expect(problemsOf(`a: ${'b'.repeat(maximumFileSize)}`)).toEqual([
      'file-too-large 1:1 x.yaml is larger than 1 MiB, which no manifest or config file needs to be.',
    ]);
  });

  test('an alias bomb', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level += 1) {
      lines.push(
        `a${level}: &a${level} [${Array(9)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    }
    const problems = problemsOf(lines.join('\n'));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(
      /^alias-expansion 5:\d+ The aliases up to here stand for more than 10000 values\.$/,
    );
  });
});

// Each is about 1 MB and would take a careless reader minutes, or its whole call stack.
describe('hostile input is answered in time', () => {
  const fill = (unit: string) => unit.repeat(Math.floor((maximumFileSize - 10) / unit.length));
  const lines = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');
  test.each([
    ['nested lists in brackets', fill('[')],
    ['nested mappings in braces', fill('{a: ')],
    ['nested lists in one line', fill('- ')],
    ['nested explicit keys', fill('? ')],
    ['ever deeper indentation', lines(1400, (index) => `${' '.repeat(index)}a:`)],
    ['closing brackets', fill(']')],
    ['commas', `[${fill(',')}`],
    ['anchors without end', fill('&a ')],
    ['anchors on lines of their own', fill('&a\n')],
    ['tags without end', fill('!a ')],
    ['100,000 keys', lines(100_000, (index) => `k${index}: 1`)],
    ['the same key 100,000 times', lines(100_000, () => 'k: 1')],
    ['30,000 anchors with an alias each', lines(30_000, (index) => `- &a${index} 1\n- *a${index}`)],
    ['lists as keys', fill('[[a]: ')],
    ['an unclosed quote', `"${fill('a\n')}`],
    ['newlines', fill('\n')],
    ['documents', fill('---\n')],
  ])('%s', { timeout: 10_000 }, (_, content) => {
    const { problems } = parseYaml({ file: 'x.yaml', content });
    for (const { location } of problems) expect(location?.file).toBe('x.yaml');
  });
});
