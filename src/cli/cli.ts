import type { ReadStream, WriteStream } from 'node:tty';
import type { Command } from 'commander';
import type { Context } from '../app/context.ts';
import type { ExitStatus } from '../core/errors.ts';

/** How events are shown: a live tree, one line an event, NDJSON, or errors only. */
export type OutputMode = 'tty' | 'plain' | 'json' | 'quiet';

/** The arguments of every handler: the outside world of a use case, and the terminal. */
export type Cli = Context & {
  mode: OutputMode;
  colour: boolean;
  /** Ends the process as soon as nobody reads standard output: for a command that would go on for ever. */
  endsWithReader: () => void;
  /** Resolves when whoever reads standard output has taken everything so far: for a command that shows very much. */
  written: () => Promise<void>;
  /** The standard streams, for a program that runs on them. */
  openStreams: () => { stdin: ReadStream; stdout: WriteStream; stderr: WriteStream };
  /** The answer, for standard output. With `--json` use `result` instead. */
  print: (text: string) => void;
  /**
   * The answer in both forms: `data` with `--json`, else what `text` gives, whose lines break between words on a
   * terminal, unless it is something that is copied into a program.
   */
  result: (answer: { data: unknown; text: () => string; isForPrograms?: boolean }) => void;
  /** An answer that is itself a secret, such as a requested token. It is printed unredacted. */
  answerWithSecret: (answer: { data: unknown; text: () => string }) => void;
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
