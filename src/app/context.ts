import type { EventSink } from '../core/event.ts';
import type { Secret } from '../core/secret.ts';

/** The outside world as a use case sees it: whoever calls it, a terminal or a server, gives it another one. */
export type Context = {
  /** Folder that the command was called in, or that `--directory` names. */
  cwd: string;
  environment: Readonly<Record<string, string>>;
  /** What a person types to call arc: `arc` where that is on PATH, else as it was called: `./bin/arc`. */
  program: string;
  /** Columns that a text may have; `Infinity` where there is no terminal. */
  columns: number;
  /** Progress, warnings and errors, as data. */
  emit: EventSink;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  signal: AbortSignal;
  /** Adds values that must never be shown in any output from here on. */
  protect: (secrets: Iterable<Secret>) => void;
  /** Questions to a person; absent where there is nobody to ask. */
  ask?: Questions;
};

export type Questions = {
  /** A question that is answered with yes or no. */
  confirm: (question: string) => Promise<boolean>;
  /** A question that is answered with a word. */
  type: (question: string) => Promise<string>;
};
