/** Output of the backup program (packages/sql-backup) while it works: one line of JSON each. */
export type BackupLine =
  | { type: 'step'; doing: string; bytes?: number }
  | { type: 'answer'; answer: unknown }
  | { type: 'failure'; message: string };

/** @returns undefined if a line is none of its own, such as a warning of Node.js */
export function parseBackupLine(line: string): BackupLine | undefined {
  const fields = fieldsOf(line);
  if (fields === undefined) return undefined;
  const { type, doing, bytes, message } = fields;
  if (type === 'step' && typeof doing === 'string')
    return { type, doing, ...(typeof bytes === 'number' ? { bytes } : {}) };
  if (type === 'failure' && typeof message === 'string') return { type, message };
  return type === 'answer' ? { type, answer: fields.answer } : undefined;
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
