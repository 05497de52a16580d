import type { Problem } from '../../errors.ts';

/** Largest file that is read, in bytes (or UTF-16 code units of text that is decoded already): 1 MiB. */
export const maximumFileSize = 1024 * 1024;

/** The text of a file, or the one problem that keeps it from being text. */
export function decodeFile(options: {
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
  const text = typeof content === 'string' ? content : decodeUtf8(content);
  if (text === undefined || !text.isWellFormed()) {
    return refuse(file, {
      code: 'not-utf8',
      message: `${file} is not text in UTF-8.`,
      suggestion: 'save it as UTF-8; a binary file does not belong here',
    });
  }
  const control = controlCharacter(text);
  if (control !== undefined) {
    return refuse(file, {
      code: 'control-character',
      message: `${file} holds the control character U+${control.code}, so it is not a text file.`,
      suggestion: 'remove it, or write it as an escape in a double-quoted string',
      location: control,
    });
  }
  return { text: text.startsWith('\uFEFF') ? text.slice(1) : text };
}

function refuse(
  file: string,
  problem: Omit<Problem, 'location'> & { location?: { line: number; column: number } },
): { problem: Problem } {
  const { line, column } = problem.location ?? { line: 1, column: 1 };
  return { problem: { ...problem, location: { file, line, column } } };
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The first character that YAML does not allow (YAML 1.2, 5.1); none of them may reach a terminal either. */
function controlCharacter(text: string): { code: string; line: number; column: number } | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const at = text.search(/[\x00-\x08\x0B\x0C\x0E-\x1F\x7F\x80-\x84\x86-\x9F]/);
  if (at < 0) return undefined;
  const before = text.slice(0, at).split('\n');
  return {
    code: text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0'),
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
  };
}
