/** How a program ended. */
export type ProcessEnd =
  | { kind: 'exited'; status: number }
  /** Somebody else ended it, with this signal. */
  | { kind: 'killed'; by: string }
  /** It was silent for longer than allowed, so arc ended it. */
  | { kind: 'silent'; milliseconds: number }
  /** It took longer than allowed, so arc ended it. */
  | { kind: 'timed-out'; milliseconds: number }
  /** There is no such program. */
  | { kind: 'missing' }
  /** The system does not start it: it is not executable, or its folder is gone. */
  | { kind: 'not-started'; reason: string };

/** Whether a program did what it was asked. */
export function succeeded(end: ProcessEnd): boolean {
  return end.kind === 'exited' && end.status === 0;
}

/** The end of a program in words that follow its name: `failed with exit status 1`. */
export function describeEnd(end: ProcessEnd): string {
  switch (end.kind) {
    case 'exited':
      return `failed with exit status ${end.status}`;
    case 'killed':
      return `was ended by ${end.by}`;
    case 'silent':
      return `wrote nothing for ${inWords(end.milliseconds)}, so arc ended it`;
    case 'timed-out':
      return `did not end within ${inWords(end.milliseconds)}, so arc ended it`;
    case 'missing':
      return 'is not installed';
    case 'not-started':
      return `did not start: ${end.reason}`;
    default:
      return end satisfies never;
  }
}

function inWords(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} minutes`;
}
