import { ArcError, exitStatus, invalid } from '../errors.ts';
import type { Cli } from './cli.ts';

/**
 * Asks a yes-or-no question on a terminal. Without one it is an error that names the flag, so that a script
 * never hangs and nothing happens by surprise.
 *
 * @param options.flag the flag that answers the question with yes, for example `--yes`
 */
export async function confirm(options: {
  cli: Cli;
  question: string;
  flag: string;
  given: boolean;
}): Promise<void> {
  if (options.given) return;
  requireTerminal(options);
  const { prompts } = await import('./ask.ts');
  await options.cli.pauseProgress();
  const agreed = await prompts.confirm(
    { message: options.question, default: false },
    promptContext(options.cli),
  );
  if (!agreed) throw declined();
}

/** Wants a word typed, for what cannot be undone. */
export async function confirmByTyping(options: {
  cli: Cli;
  question: string;
  word: string;
  flag: string;
  given: boolean;
}): Promise<void> {
  if (options.given) return;
  requireTerminal(options);
  const { prompts } = await import('./ask.ts');
  await options.cli.pauseProgress();
  const typed = await prompts.input({ message: options.question }, promptContext(options.cli));
  if (typed.trim() !== options.word) throw declined();
}

function requireTerminal(options: { cli: Cli; question: string; flag: string }): void {
  if (options.cli.interactive) return;
  throw invalid({
    code: 'needs-consent',
    message: `This needs an answer, and there is no terminal to ask on: ${options.question}`,
    suggestion: `add ${options.flag} to say yes`,
  });
}

function promptContext(cli: Cli): { output: NodeJS.WriteStream; signal: AbortSignal } {
  return { output: process.stderr, signal: cli.signal };
}

function declined(): ArcError {
  return new ArcError({
    problem: { code: 'declined', message: 'Nothing was changed.' },
    status: exitStatus.interrupted,
  });
}
