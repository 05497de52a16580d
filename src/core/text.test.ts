import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText } from './text.ts';

function place(content: string | Uint8Array): string {
  const read = decodeText({ file: 'x', content });
  if ('text' in read) return `text ${read.text}`;
  const { code, location } = read.problem;
  return `${code} ${location?.line}:${location?.column}`;
}

describe('text of a file', () => {
  test('is what the file holds, without its byte-order mark', () => {
    expect(place(Buffer.from('a=ä\u{1F600}\r\n'))).toBe('text a=ä\u{1F600}\r\n');
    expect(place(Buffer.from('\uFEFFa'))).toBe('text a');
    expect(place('\uFEFFa')).toBe('text a');
  });

  test('keeps a replacement character that was meant', () => {
    expect(place(Buffer.from('a \uFFFD b'))).toBe('text a \uFFFD b');
  });

  test.each([
    ['a byte of Latin-1', Buffer.from('a\n# acc\xe8s\n', 'latin1'), '2:6'],
    ['after a replacement character that was meant', Buffer.from([0xef, 0xbf, 0xbd, 0xff]), '1:2'],
    ['a character that is cut off', Buffer.from([0x61, 0xe2, 0x82]), '1:2'],
    ['after a byte-order mark', Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff]), '1:2'],
    ['UTF-16, little-endian', Buffer.from('\uFEFFa=b', 'utf16le'), '1:1'],
    ['UTF-16, big-endian', Buffer.from('\uFEFFa=b', 'utf16le').swap16(), '1:1'],
  ])('names the line and column of the first byte that is not UTF-8: %s', (_, bytes, at) => {
    expect(place(bytes)).toBe(`not-utf8 ${at}`);
  });

  test('refuses UTF-16 without a byte-order mark by its zero bytes', () => {
    expect(place(Buffer.from('a=b', 'utf16le'))).toBe('control-character 1:2');
  });

  test('is every character of the file or an error, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const read = decodeText({ file: 'x', content: bytes });
        if ('problem' in read) return;
        const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? '\uFEFF' : '';
        expect(Buffer.from(mark + read.text)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 2000 },
    );
  });
});
