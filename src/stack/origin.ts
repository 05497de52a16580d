import type { Problem, SourceLocation } from '../core/errors.ts';

/** Where a template's text comes from, for messages. */
export type Origin =
  /** A template file: positions in it are positions in the file. */
  | { kind: 'file'; file: string }
  /** A string in a manifest: `field` says which, `location` is that of its container. */
  | { kind: 'field'; field: string; location: SourceLocation };

/** A problem of a template, with its place. */
export function describe(options: {
  code: string;
  text: string;
  origin: Origin;
  at: { line: number; column: number };
  message: string;
  suggestion?: string;
}): Problem {
  const { code, text, origin, at, message } = options;
  const advice = options.suggestion === undefined ? {} : { suggestion: options.suggestion };
  switch (origin.kind) {
    case 'file': {
      const excerpt = text.split('\n')[at.line - 1];
      return {
        code,
        message,
        ...advice,
        location: {
          file: origin.file,
          line: at.line,
          column: at.column,
          ...(excerpt === undefined ? {} : { excerpt }),
        },
      };
    }
    case 'field':
      return { code, message: `${origin.field}: ${message}`, ...advice, location: origin.location };
    default:
      return origin satisfies never;
  }
}
