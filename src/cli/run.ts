import type { ChalkInstance } from 'chalk';
import { ArcError, type ExitStatus, exitStatus, type Problem } from '../core/errors.ts';
import { type ArcEvent, startedEvent } from '../core/event.ts';
import { redact, type Secret } from '../core/secret.ts';
import { wrapText } from '../core/wrap.ts';
import { loopbackPastProxies } from '../host/proxies.ts';
import { withAbsolutePaths, workingFolder } from './called-in.ts';
import type { Cli, GlobalOptions, Handler, OutputMode } from './cli.ts';
import { commandName } from './command-name.ts';
import type { Renderer, Streams } from './output/renderer.ts';
import { isTerminal, type StandardStream, standardStream } from './output/standard-stream.ts';
import { questions } from './questions.ts';

/**
 * Runs one command in this process: shows what it reports, turns what it throws into errors that people can use,
 * and sets the exit status. The only place that knows about `process`.
 */
export async function runCommand<Options>(options: {
  load: () => Promise<Handler<Options>>;
  options: Options;
  globals: GlobalOptions;
}): Promise<void> {
  const { globals } = options;
  const mode = outputMode(globals);
  const secrets = new Set<Secret>();
  const reader = watchReader();
  const standard = standardStreams(reader.onGone);
  const streams: Streams = {
    out: standard.out.write,
    err: standard.err.write,
    // A terminal that nobody has given a size says that it has none.
    columns: () => (isTerminal(2) ? process.stderr.columns || 80 : Number.POSITIVE_INFINITY),
  };
  const openStreams = () => ({
    stdin: process.stdin,
    stdout: standard.out.open(),
    stderr: standard.err.open(),
  });
  // The live tree's library writes to them itself.
  if (mode === 'tty') openStreams();
  const colour = useColour(globals);
  // Questions look at nothing else.
  if (globals.color === false) process.env.NO_COLOR = '1';
  const renderer = await openRenderer({ mode, streams, colour });
  const emit = (event: ArcEvent): void =>
    renderer.emit(secrets.size === 0 ? event : redactEvent(event, secrets));
  const interruption = listenForInterrupts();

  // Before anything reads it: Node's own clients, and the programs that arc runs.
  Object.assign(process.env, loopbackPastProxies(process.env));
  const { directory } = globals;
  const folder = workingFolder({
    calledIn: () => process.cwd(),
    ...(directory === undefined ? {} : { directory }),
  });
  const cli: Cli = {
    cwd: folder instanceof ArcError ? '/' : folder,
    environment:
      folder instanceof ArcError
        ? definedVariables(process.env)
        : withAbsolutePaths({ environment: definedVariables(process.env), calledIn: process.cwd() }),
    program: process.env.ARC_PROGRAM ?? 'arc',
    mode,
    ...(canAsk(mode) ? { ask: questions({ ...renderer, signal: interruption.signal }) } : {}),
    // A terminal that nobody has given a size says that it has none.
    columns: isTerminal(1) ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY,
    colour,
    emit,
    endsWithReader: reader.endsWith,
    written: standard.out.finish,
    openStreams,
    print: (text) => {
      renderer.print(redact(text.endsWith('\n') ? text : `${text}\n`, secrets));
    },
    result: ({ data, text, isForPrograms = false }) => {
      if (mode === 'json') emit({ type: 'result', command: commandName(process.argv.slice(2)), data });
      else cli.print(isForPrograms ? text() : wrapText(text(), cli.columns));
    },
    answerWithSecret: ({ data, text }) => {
      if (mode === 'json')
        renderer.emit({ type: 'result', command: commandName(process.argv.slice(2)), data });
      else renderer.print(`${text()}\n`);
    },
    signal: interruption.signal,
    protect: (values) => {
      for (const value of values) secrets.add(value);
    },
  };

  emit(startedEvent(commandName(process.argv.slice(2))));
  let status: ExitStatus;
  try {
    if (folder instanceof ArcError) throw folder;
    const handler = await options.load();
    status = await handler(options.options, cli);
    await renderer.close();
  } catch (error) {
    // The live tree ends before the error is shown below it.
    await renderer.close();
    const shown = toArcError(error, interruption.signal);
    for (const problem of shown.problems) emit({ type: 'error', problem });
    if (globals.debug) streams.err(redact(`${stackOf(error)}\n`, secrets));
    status = shown.status;
  }
  interruption.stop();
  // Ends when all output is written; sockets that an Engine or a registry still holds open do not keep it.
  await Promise.all([standard.out.finish(), standard.err.finish()]);
  process.exit(status);
}

/** Standard input and standard error are terminals, and neither `CI` nor `--json` is set. */
function canAsk(mode: OutputMode): boolean {
  return mode !== 'json' && isTerminal(2) && isTerminal(0) && !process.env.CI;
}

function outputMode(globals: GlobalOptions): OutputMode {
  if (globals.json) return 'json';
  if (globals.quiet) return 'quiet';
  return isTerminal(2) && !process.env.CI && process.env.TERM !== 'dumb' ? 'tty' : 'plain';
}

async function openRenderer(options: {
  mode: OutputMode;
  streams: Streams;
  colour: boolean;
}): Promise<Renderer> {
  const { mode, streams } = options;
  if (mode === 'json') return (await import('./output/json.ts')).jsonRenderer(streams);
  // The live tree has it anyway; others need it for colours only, and it has to be loaded.
  const chalk = options.colour || mode === 'tty' ? await openChalk(options.colour) : undefined;
  switch (mode) {
    case 'tty': {
      const { ttyRenderer } = await import('./output/tty.ts');
      return ttyRenderer({ streams, terminal: process.stderr, chalk: chalk ?? (await openChalk(false)) });
    }
    case 'plain':
      return (await import('./output/plain.ts')).plainRenderer({ streams, chalk });
    case 'quiet':
      return (await import('./output/quiet.ts')).quietRenderer({ streams, chalk });
    default:
      return mode satisfies never;
  }
}

async function openChalk(colour: boolean): Promise<ChalkInstance> {
  const { Chalk } = await import('chalk');
  return new Chalk(colour ? {} : { level: 0 });
}

/** https://no-color.org: any non-empty value turns colour off. */
function useColour(globals: GlobalOptions): boolean {
  if (globals.color === false || process.env.NO_COLOR) return false;
  return isTerminal(1) || Boolean(process.env.FORCE_COLOR);
}

/**
 * What to do once nobody reads standard output any more, as after `arc plan | head -1`. A command goes on without a word
 * and ends with the status of what it did; one that would go on for ever (`arc logs --follow`) ends immediately.
 */
function watchReader(): { onGone: () => void; endsWith: () => void } {
  let gone = false;
  let endless = false;
  const endIfUseless = (): void => {
    if (gone && endless) process.exit(exitStatus.done);
  };
  return {
    onGone: () => {
      gone = true;
      endIfUseless();
    },
    endsWith: () => {
      endless = true;
      endIfUseless();
    },
  };
}

function standardStreams(onGone: () => void): { out: StandardStream; err: StandardStream } {
  return {
    out: standardStream({ descriptor: 1, open: () => process.stdout, onGone }),
    // Nobody reads the progress; the answer may have a reader all the same.
    err: standardStream({ descriptor: 2, open: () => process.stderr, onGone: () => {} }),
  };
}

/** The first interrupt asks the command to stop waiting; the second ends the process. */
function listenForInterrupts(): { signal: AbortSignal; stop: () => void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(exitStatus.interrupted);
    controller.abort(interrupted());
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    stop: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

function interrupted(): ArcError {
  return new ArcError({
    problem: {
      code: 'interrupted',
      message: 'Interrupted.',
      suggestion: 'run the same command again to go on',
    },
    status: exitStatus.interrupted,
  });
}

function toArcError(error: unknown, signal: AbortSignal): ArcError {
  if (error instanceof ArcError) return error;
  if (signal.aborted || (error instanceof Error && error.name === 'ExitPromptError')) return interrupted();
  const problem: Problem = {
    code: 'internal',
    message: `This is a fault in arc: ${error instanceof Error ? error.message : String(error)}`,
    suggestion: 'run it again with --debug and report what it prints',
  };
  return new ArcError({ problem, status: exitStatus.failed, cause: error });
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

function redactEvent(event: ArcEvent, secrets: Iterable<Secret>): ArcEvent {
  const clean = <T>(value: T): T => {
    if (typeof value === 'string') return redact(value, secrets) as T;
    if (Array.isArray(value)) return value.map(clean) as T;
    if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(inner)])) as T;
    return value;
  };
  return clean(event);
}

function definedVariables(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
