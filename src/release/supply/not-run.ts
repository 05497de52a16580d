/**
 * A step that did not run, and why. It is a value, so that the caller must decide whether a release may continue
 * without it; it never counts as success.
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
