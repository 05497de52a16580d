import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withHosts } from './hosts-file.ts';

const lines = ['127.0.0.1 livekit.arc.local storage.arc.local'];
const own = `# arc demo: begin\n${lines[0]}\n# arc demo: end\n`;
const set = (text: string, wanted: readonly string[] = lines) =>
  withHosts({ text, project: 'demo', lines: wanted });

describe('a hosts file', () => {
  test('gets the lines at its end, also where its last line is not ended', () => {
    expect(set('127.0.0.1 localhost\n')).toBe(`127.0.0.1 localhost\n${own}`);
    expect(set('127.0.0.1 localhost')).toBe(`127.0.0.1 localhost\n${own}`);
    expect(set('')).toBe(own);
  });

  test('gets new lines in the place of the old ones', () => {
    expect(set('a\n# arc demo: begin\nold\n# arc demo: end\nb\n')).toBe(`a\n${own}b\n`);
  });

  test('keeps the line ends of Windows', () => {
    expect(set('127.0.0.1 localhost\r\n')).toBe(`127.0.0.1 localhost\r\n${own.replaceAll('\n', '\r\n')}`);
  });

  test('keeps the lines of another workspace', () => {
    const other = '# arc other: begin\nx\n# arc other: end\n';
    expect(set(other)).toBe(other + own);
  });

  test.each([
    ['# arc demo: begin\nx\n', { broken: 'begin', line: 1 }],
    ['a\n# arc demo: end\n', { broken: 'end', line: 2 }],
    ['# arc demo: end\n# arc demo: begin\n', { broken: 'end', line: 1 }],
  ])('with half a block (%j) is left alone', (text, broken) => {
    expect(set(text)).toEqual(broken);
  });

  test('is as before once the lines are removed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '# b', '', '::1 x')), (words) => {
        const text = words.map((word) => `${word}\n`).join('');
        const written = set(text);
        expect(typeof written === 'string' && set(written, [])).toBe(text);
        expect(typeof written === 'string' && set(written)).toBe(written);
      }),
    );
  });
});
