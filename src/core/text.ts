import { isUtf8 } from 'node:buffer';
import type { Problem } from './errors.ts';

/** Largest file that is read, in bytes (or UTF-16 code units of text that is decoded already): 1 MiB. */
export const maximumFileSize = 1024 * 1024;

/**
 * Text with the line ends of Unix. Git may have made others of them (core.autocrlf), and programs in containers take
 * the extra character for a part of a value: a password that ends in it.
 */
export function withUnixLineEnds(text: string): string {
  return text.replaceAll('\r\n', '\n');
}

/**
 * The text of a file without its byte-order mark, or the one problem that keeps it from being text. Every text file
 * that arc reads for a person goes this way: a byte that is not read right is an error, never another character.
 */
export function decodeText(options: {
  file: string;
  content: string | Uint8Array;
}): { text: string } | { problem: Problem } {
  const { file, content } = options;
  if (content.length > maximumFileSize) {
    return refuse(file, {
      code: 'file-too-large',
      message: `${file} is larger than 1 MiB, which no manifest or config file needs to be.`,
      suggestion: 'check that this is the file that was meant',
    });
  }
  if (typeof content !== 'string' && !isUtf8(content)) return refuse(file, notUtf8(file, content));
  const text = typeof content === 'string' ? content : decode(content);
  const lone = loneSurrogate(text);
  if (lone >= 0) {
    return refuse(file, {
      code: 'not-utf8',
      message: `${file} is not text in UTF-8.`,
      suggestion: 'save it as UTF-8; a binary file does not belong here',
      location: placeIn(text.slice(0, lone)),
    });
  }
  const at = text.search(controlCharacter);
  if (at >= 0) {
    const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
    return refuse(file, {
      code: 'control-character',
      message: `${file} holds the control character U+${code}, so it is not a text file.`,
      suggestion: 'remove it, or write it as an escape in a double-quoted string',
      location: placeIn(text.slice(0, at)),
    });
  }
  return { text: text.startsWith('\uFEFF') ? text.slice(1) : text };
}

/** What YAML does not allow (YAML 1.2, 5.1); none of these may reach a terminal either. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const controlCharacter = /[\x00-\x08\x0B\x0C\x0E-\x1F\x7F\x80-\x84\x86-\x9F]/;

type Refusal = Omit<Problem, 'location'> & { location?: { line: number; column: number } };

function refuse(file: string, problem: Refusal): { problem: Problem } {
  const { line, column } = problem.location ?? { line: 1, column: 1 };
  return { problem: { ...problem, location: { file, line, column } } };
}

function notUtf8(file: string, bytes: Uint8Array): Refusal {
  const { before, offset } = firstInvalid(bytes);
  const isUtf16 = offset === 0 && (startsWith(bytes, [0xff, 0xfe]) || startsWith(bytes, [0xfe, 0xff]));
  const byte = (bytes[offset] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return {
    code: 'not-utf8',
    message: isUtf16
      ? `${file} is text in UTF-16, not in UTF-8.`
      : `${file} is not text in UTF-8: here is the byte 0x${byte}.`,
    suggestion: isUtf16
      ? "save it as UTF-8; PowerShell's `>` writes UTF-16, `Out-File -Encoding utf8` does not"
      : 'save it as UTF-8; a binary file does not belong here',
    location: placeIn(before),
  };
}

/** The first byte that does not belong to a character, and the text before it. */
function firstInvalid(bytes: Uint8Array): { before: string; offset: number } {
  const text = decode(bytes);
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf('\uFFFD'); at >= 0; at = text.indexOf('\uFFFD', at + 1)) {
    offset += Buffer.byteLength(text.slice(from, at));
    from = at;
    // The decoder writes this character for a byte that is none; it may also be meant.
    if (!startsWith(bytes.subarray(offset), [0xef, 0xbf, 0xbd])) break;
  }
  return { before: text.slice(0, from), offset };
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, index) => bytes[index] === byte);
}

function loneSurrogate(text: string): number {
  return text.isWellFormed() ? -1 : text.search(/\p{Surrogate}/u);
}

/** The position after some text; a byte-order mark takes no column. */
function placeIn(before: string): { line: number; column: number } {
  const lines = (before.startsWith('\uFEFF') ? before.slice(1) : before).split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** A line of another program without the control characters, which a terminal would obey. */
export function printable(line: string): string {
  return line.replaceAll(/\p{Cc}|\p{Bidi_Control}/gu, '·');
}
