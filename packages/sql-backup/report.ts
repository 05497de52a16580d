/** What a run says while it goes on: one line of JSON each. It never holds a secret. */
export type Report = (line: ReportLine) => void;

export type ReportLine =
  | { type: 'step'; doing: string; bytes?: number }
  | { type: 'answer'; answer: unknown }
  | { type: 'failure'; message: string };

export const reportToOutput: Report = (line) => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

/** The words of a failure, whatever was thrown: several at once have none of their own. */
export function wordsOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '')
    return cause.errors.map((one) => wordsOf(one)).join('; ');
  if (!(cause instanceof Error)) return String(cause);
  return cause.message === '' ? cause.name : cause.message;
}
