import type { ReadStream, WriteStream } from 'node:tty';
import type { Command } from 'commander';
import type { ExitStatus } from '../errors.ts';
import type { EventSink } from '../output/event.ts';
import type { Secret } from '../secret.ts';

/** How events are shown: a live tree, one line an event, NDJSON, or errors only. */
export type OutputMode = 'tty' | 'plain' | 'json' | 'quiet';

/** What every handler gets: the outside world, so that a test can give it another one. */
export type Cli = {
  /** Folder that the command was called in, or that `--directory` names. */
  cwd: string;
  environment: Readonly<Record<string, string>>;
  /** What a person types to call arc: `arc` where that is on PATH, else as it was called: `./bin/arc`. */
  program: string;
  mode: OutputMode;
  /** A person can be asked: standard input and standard error are terminals, and neither `CI` nor `--json` is set. */
  interactive: boolean;
  /** Columns of the terminal that answers go to; `Infinity` where there is none, for a pipe has one row a line. */
  columns: number;
  colour: boolean;
  /** The standard streams, for a program that is run on them. */
  openStreams: () => { stdin: ReadStream; stdout: WriteStream; stderr: WriteStream };
  /** Progress, warnings and errors: standard error, or standard output as NDJSON with `--json`. */
  emit: EventSink;
  /** The answer, for standard output. With `--json` use `result` instead. */
  print: (text: string) => void;
  /**
   * The answer in both forms: `data` with `--json`, else what `text` gives, whose lines break between words on a
   * terminal, unless it is something that is copied into a program.
   */
  result: (answer: { data: unknown; text: () => string; isForPrograms?: boolean }) => void;
  /** An answer that is a secret by its nature (a token that was asked for), shown as it is. */
  answerWithSecret: (answer: { data: unknown; text: () => string }) => void;
  /** Leaves the terminal to a question; progress goes on below it. */
  pauseProgress: () => Promise<void>;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  signal: AbortSignal;
  /** Adds values that must never be shown in any output from here on. */
  protect: (secrets: Iterable<Secret>) => void;
};

/** A handler does the work of one command and says how it went; it throws ArcErrors. */
export type Handler<Options> = (options: Options, cli: Cli) => Promise<ExitStatus>;

/**
 * Registers one command. `run` wraps a handler: it makes the Cli, shows events and errors, and ends the process
 * with the handler's status, so that a command file holds nothing but its flags, its help and its import.
 */
export type CommandRegistration = (
  program: Command,
  run: <Options>(
    load: () => Promise<Handler<Options>>,
    options: Options,
    globals: GlobalOptions,
  ) => Promise<void>,
) => void;

export type GlobalOptions = {
  json?: boolean;
  quiet?: boolean;
  debug?: boolean;
  directory?: string;
  color?: boolean;
};
