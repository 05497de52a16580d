import type { Loss } from '../../../core/step.ts';
import type { MigrationFile } from './model.ts';
import { placeOfError, splitStatements } from './statements.ts';

/** The line by which a migration says itself what is lost with it: `-- arc: loses every embedding`. */
const marker = /^--\s*arc:\s*loses\s+(.+?)\s*$/;

// Data goes with these; what a function that is called does, nobody can see.
const destructive =
  /^(?:DROP\s+(?:TABLE|SCHEMA|DATABASE|MATERIALIZED\s+VIEW|TYPE|EXTENSION|OWNED|SEQUENCE)\b|TRUNCATE\b|DELETE\b|ALTER\s+TABLE\b[\s\S]*\b(?:DROP\s+(?:COLUMN\b|(?!CONSTRAINT\b|NOT\b|DEFAULT\b|IDENTITY\b|EXPRESSION\b)["a-z_])|USING\s+NULL\b))/i;

/**
 * What a migration loses: what the file says of it, else its statements that drop, empty or delete something, each with
 * its line. Rows are not counted. `-- arc: loses nothing` means that such a statement takes nothing of worth.
 */
export function lossesOfMigration(file: MigrationFile): readonly Loss[] {
  const lines = file.text.split('\n');
  const said = lines.flatMap((line, index) => {
    const [, what] = marker.exec(line.trim()) ?? [];
    return what === undefined ? [] : [{ what, line: index + 1 }];
  });
  if (said.length > 0)
    return said
      .filter(({ what }) => what !== 'nothing')
      .map(({ what, line }) => ({ kind: 'data', text: `${what} (${file.name}:${line})` }));
  return splitStatements(file.text)
    .filter(({ text }) => destructive.test(text))
    .map((statement) => {
      const { line } = placeOfError({ sql: file.text, statement, position: undefined });
      return { kind: 'data', text: `what \`${excerpt(statement.text)}\` removes (${file.name}:${line})` };
    });
}

/** A statement in one short line. */
function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}
