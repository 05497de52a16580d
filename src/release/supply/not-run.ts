/**
 * A step that was not done, and why. It is a value, so that whoever runs the steps has to decide whether a release may
 * go on without it; it is never taken for success.
 */
export type NotRun = {
  kind: 'not-run';
  /** A sentence without its full stop, for `not run: …`. */
  reason: string;
  suggestion?: string;
};

export function notRun(reason: string, suggestion?: string): NotRun {
  return { kind: 'not-run', reason, ...(suggestion === undefined ? {} : { suggestion }) };
}
