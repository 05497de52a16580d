import type { Problem, SourceLocation } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';

// The format of .arc/secrets.env: what shells, Docker Compose and dotenv all read alike, and no more of it.
//
//   # a comment            on a line of its own
//   NAME=value             no spaces, quotes, $, ` or \ in it, and no # at its beginning
//   NAME='value'           everything but ' means itself
//   NAME="value"           \n \r \t \\ \" \$ \` are escapes; no other \, $ or `
//
// A line that is anything else is an error: a value that is read in part is a wrong password, and a line that is
// passed over leaves a public one in its place.

export type SecretEntry = {
  value: Secret;
  /** Without an excerpt, which would show the value. */
  location: SourceLocation;
  /** Where the line begins and ends in the text, its line end not counted. */
  start: number;
  end: number;
};

export type SecretsText = {
  /** By name of the variable. */
  entries: ReadonlyMap<string, SecretEntry>;
  problems: readonly Problem[];
  /** Possible secrets in unreadable lines, to be redacted in all output. */
  suspects: readonly Secret[];
};

/** Reads `NAME=value` lines. Never throws, whatever the text; no message contains a value. */
export function parseSecrets(options: { file: string; text: string }): SecretsText {
  const { file, text } = options;
  const entries = new Map<string, SecretEntry>();
  const problems: Problem[] = [];
  const suspects: Secret[] = [];
  let start = 0;
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.replace(/\r$/, '');
    const at = (column: number): SourceLocation => ({ file, line: index + 1, column });
    const read = parseLine(line);
    if ('fault' in read) {
      const { column, message, suggestion } = read.fault;
      problems.push({ code: 'bad-secrets-file', message, suggestion, location: at(column) });
      suspects.push(...suspectsIn(line));
    } else if ('name' in read) {
      const first = entries.get(read.name);
      if (first !== undefined) {
        problems.push({
          code: 'bad-secrets-file',
          message: `${read.name} is set a second time; the first is in line ${first.location.line}.`,
          suggestion: 'delete one of the two lines',
          location: at(1),
        });
        suspects.push(new Secret(read.value));
      } else {
        const value = new Secret(read.value);
        entries.set(read.name, { value, location: at(1), start, end: start + line.length });
      }
    }
    start += whole.length + 1;
  }
  return { entries, problems, suspects };
}

/** A line that is read as this name and value. */
export function formatSecret(options: { name: string; value: Secret }): string {
  return `${options.name}=${quote(options.value.reveal())}`;
}

type Fault = { column: number; message: string; suggestion: string };
type Line = { name: string; value: string } | { fault: Fault } | { blank: true };

const useQuotes = "put the value in single quotes: NAME='value'";

function parseLine(line: string): Line {
  if (/^[ \t]*(#|$)/.test(line)) return { blank: true };
  const [, name, written] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(line) ?? [];
  if (name === undefined || written === undefined) return { fault: notAnAssignment(line) };
  const read = parseValue({ name, written });
  if (typeof read === 'string') return { name, value: read };
  return { fault: { ...read, column: name.length + 1 + read.column } };
}

function notAnAssignment(line: string): Fault {
  const message = 'This line is neither NAME=value nor a comment.';
  const [, indent = '', word = ''] = /^([ \t]*)(\w*)/.exec(line) ?? [];
  if (word === 'export' && /^[ \t]*export[ \t]/.test(line)) {
    return { column: indent.length + 1, message, suggestion: 'leave out `export`' };
  }
  if (/^[ \t]*\w+[ \t]*=/.test(line)) {
    const column = indent === '' ? word.length + 1 : 1;
    return { column, message, suggestion: 'leave out the spaces before the name and around the =' };
  }
  return { column: indent.length + 1, message, suggestion: 'write NAME=value, or put # before a comment' };
}

/** The value, or what is wrong; columns count from 1 where the value begins. */
function parseValue(options: { name: string; written: string }): string | Fault {
  const { name, written } = options;
  if (written === '') {
    return {
      column: 1,
      message: `${name} has no value.`,
      suggestion: 'give it one, or delete the line for the development value',
    };
  }
  if (written.startsWith("'")) return singleQuoted({ name, written });
  if (written.startsWith('"')) return doubleQuoted({ name, written });
  const at = written.search(/^#|[\s'"`\\$]/);
  if (at < 0) return written;
  return {
    column: at + 1,
    message: `The value of ${name} has a character here that needs quotes.`,
    suggestion: useQuotes,
  };
}

function singleQuoted(options: { name: string; written: string }): string | Fault {
  const { name, written } = options;
  const end = written.indexOf("'", 1);
  if (end < 0) return notClosed(name);
  if (end < written.length - 1) return afterQuote({ name, column: end + 2 });
  return end === 1 ? emptyQuotes(name) : written.slice(1, end);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

function doubleQuoted(options: { name: string; written: string }): string | Fault {
  const { name, written } = options;
  let value = '';
  for (let at = 1; at < written.length; at += 1) {
    const character = written.charAt(at);
    if (character === '"') {
      if (at < written.length - 1) return afterQuote({ name, column: at + 2 });
      return value === '' ? emptyQuotes(name) : value;
    }
    if (character === '$' || character === '`') {
      return {
        column: at + 1,
        message: `The value of ${name} has a ${character} here, which other programs would replace.`,
        suggestion: `write \\${character}, or put the value in single quotes`,
      };
    }
    if (character !== '\\') {
      value += character;
      continue;
    }
    at += 1;
    const escaped = written.charAt(at);
    if (!/^[nrt\\"$`]$/.test(escaped)) {
      return {
        column: at,
        message: `The value of ${name} has an unknown escape here.`,
        suggestion: 'write \\\\ for a backslash, or put the value in single quotes',
      };
    }
    value += escapes[escaped] ?? escaped;
  }
  return notClosed(name);
}

function notClosed(name: string): Fault {
  return {
    column: 1,
    message: `The value of ${name} begins with a quote that is never closed.`,
    suggestion: 'close it at the end of the same line; a line break is written \\n between double quotes',
  };
}

function afterQuote(options: { name: string; column: number }): Fault {
  return {
    column: options.column,
    message: `The value of ${options.name} goes on after its closing quote.`,
    suggestion:
      'put a comment on a line of its own, and write a quote in the value as \\" between double quotes',
  };
}

function emptyQuotes(name: string): Fault {
  return {
    column: 1,
    message: `${name} has an empty value.`,
    suggestion: 'give it one, or delete the line for the development value',
  };
}

function quote(value: string): string {
  if (!/^#|[\s'"`\\$]/.test(value)) return value;
  if (!/['\n\r\t]/.test(value)) return `'${value}'`;
  const named: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  return `"${value.replaceAll(/[\n\r\t\\"$`]/g, (found) => named[found] ?? `\\${found}`)}"`;
}

/** Possible values in an invalid line: the line, and the text after the first separator, with and without quotes. */
function suspectsIn(line: string): readonly Secret[] {
  const after = line.replace(/^[^=:]*[=:]/, '').trim();
  const bare = after.replace(/^['"]/, '').replace(/['"]$/, '');
  return [...new Set([line.trim(), after, bare])]
    .filter((text) => text !== '')
    .map((text) => new Secret(text));
}
