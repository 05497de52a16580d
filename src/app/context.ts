import type { EventSink } from '../core/event.ts';
import type { Secret } from '../core/secret.ts';

/** The outside world of a use case; each caller, such as a terminal or a server, provides its own. */
export type Context = {
  /** Folder that the command was called in, or that `--directory` names. */
  cwd: string;
  environment: Readonly<Record<string, string>>;
  /**
   * The command that a person types to call arc: `arc` if it is on PATH, else the path of the launcher, such as
   * `./bin/arc`.
   */
  program: string;
  /** Maximum width of a text in columns; `Infinity` without a terminal. */
  columns: number;
  /** Progress, warnings and errors, as data. */
  emit: EventSink;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  signal: AbortSignal;
  /** Adds values that must never be shown in any output from here on. */
  protect: (secrets: Iterable<Secret>) => void;
  /** Asks a person; absent if nobody can be asked. */
  ask?: Questions;
};

export type Questions = {
  /** A question that is answered with yes or no. */
  confirm: (question: string) => Promise<boolean>;
  /** A question that is answered with a word. */
  type: (question: string) => Promise<string>;
};
