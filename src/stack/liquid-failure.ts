import { Unquoted } from './guarded.ts';
import { Unwritable } from './liquid.ts';

/** Liquid's error, with its position in the template. */
export type LiquidFailure = {
  code: string;
  message: string;
  suggestion?: string;
  line: number;
  column: number;
  /** The path of a name that has no value. */
  path?: readonly string[];
};

/** Liquid's errors carry a position, and the path of a variable without a value, in fields of no public type. */
export function failure(error: unknown): LiquidFailure {
  const { token, originalError } = error as {
    token?: { getPosition?: () => [number, number] };
    originalError?: unknown;
  };
  const [line, column] = token?.getPosition?.() ?? [1, 1];
  // "undefined filter: nof, line:2, col:4": the position is shown by itself.
  const message = (error instanceof Error ? error.message : String(error)).replace(
    /, (file:[^,]*, )?line:\d+, col:\d+$/,
    '',
  );
  const place = { line, column };
  if (originalError instanceof Unquoted) {
    return {
      code: 'unquoted-value',
      message: `\`${originalError.path}\` may hold any character, and is used here without a filter of its own.`,
      suggestion: `put it through a filter before anything else: \`{{ ${originalError.path} | yaml }}\``,
      ...place,
    };
  }
  if (originalError instanceof Unwritable) {
    const { path, reason, quoting } = originalError;
    return {
      code: 'unwritable-value',
      message: `${path === undefined ? 'This value' : `\`${path}\``} ${reason}, which \`${quoting}\` cannot write.`,
      suggestion: 'give it another value, or use a format that can hold it',
      ...place,
    };
  }
  const { variableName: variable } = (originalError ?? {}) as { variableName?: string };
  return {
    code: 'bad-template',
    message: `${message}.`,
    ...place,
    ...(variable === undefined ? {} : { path: variable.split('.') }),
  };
}
