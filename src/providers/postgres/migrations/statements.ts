/** One statement of a file. `offset`: its beginning in the text, in UTF-16 units. */
export type Statement = { text: string; offset: number };

// Text in which a semicolon does not end a statement: comments, quoted names, strings with and without escapes, dollar
// quotes.
const skipped = [
  /--[^\n]*/y,
  /"(?:[^"]|"")*"/y,
  /[eE]'(?:[^'\\]|\\[\s\S]|'')*'/y,
  /'(?:[^']|'')*'/y,
  /(\$(?:[A-Za-z_][A-Za-z0-9_]*)?\$)[\s\S]*?\1/y,
  /[A-Za-z_][A-Za-z0-9_$]*/y,
  /\s+/y,
];

/**
 * Splits SQL at its semicolons, so that an error of the server can be traced to a line of the file. Comments before a
 * statement are no part of it. A body between `BEGIN ATOMIC` and `END` is not known: quote it with `$$`.
 */
export function splitStatements(sql: string): readonly Statement[] {
  const statements: Statement[] = [];
  let from: number | undefined;
  let at = 0;
  const finish = (): void => {
    if (from !== undefined) statements.push({ text: sql.slice(from, at), offset: from });
    from = undefined;
  };
  while (at < sql.length) {
    if (sql[at] === ';') {
      finish();
      at += 1;
      continue;
    }
    const end = endOfToken(sql, at);
    const isBlank = /^(?:\s|--|\/\*)/.test(sql.slice(at, at + 2));
    if (!isBlank) from ??= at;
    at = end;
  }
  finish();
  return statements;
}

function endOfToken(sql: string, at: number): number {
  if (sql.startsWith('/*', at)) return endOfComment(sql, at);
  for (const pattern of skipped) {
    pattern.lastIndex = at;
    if (pattern.test(sql)) return pattern.lastIndex;
  }
  return at + 1;
}

/** Comments of PostgreSQL nest. */
function endOfComment(sql: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    if (sql.startsWith('/*', at)) {
      depth += 1;
      at += 2;
    } else if (sql.startsWith('*/', at)) {
      depth -= 1;
      at += 2;
    } else at += 1;
  } while (depth > 0 && at < sql.length);
  return at;
}

/**
 * Line and column of an error.
 *
 * @param options.position of the server: characters of the statement, from 1; the statement's begin where there is none
 */
export function placeOfError(options: { sql: string; statement: Statement; position: number | undefined }): {
  line: number;
  column: number;
} {
  const { sql, statement, position = 1 } = options;
  // The server counts characters, and not UTF-16 units.
  const before = sql.slice(0, statement.offset) + [...statement.text].slice(0, position - 1).join('');
  const lines = before.split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}
