import { ArcError, exitStatus, invalid } from '../core/errors.ts';
import type { Context, Questions } from './context.ts';

/**
 * Asks a yes-or-no question on a terminal. Without a terminal, throws an error that names the flag, so that a script
 * never hangs and nothing happens by surprise.
 *
 * @param options.flag the flag that answers the question with yes, for example `--yes`
 */
export async function confirm(options: {
  context: Context;
  question: string;
  flag: string;
  given: boolean;
}): Promise<void> {
  if (options.given) return;
  if (!(await somebody(options).confirm(options.question))) throw declined();
}

/** Asks a person to type a word, before something that cannot be undone. */
export async function confirmByTyping(options: {
  context: Context;
  question: string;
  word: string;
  flag: string;
  given: boolean;
}): Promise<void> {
  if (options.given) return;
  const typed = await somebody(options).type(options.question);
  if (typed.trim() !== options.word) throw declined();
}

function somebody(options: { context: Context; question: string; flag: string }): Questions {
  const { ask } = options.context;
  if (ask !== undefined) return ask;
  throw invalid({
    code: 'needs-consent',
    message: `arc needs an answer and has no terminal to ask on: ${options.question}`,
    suggestion: `add ${options.flag} to say yes`,
  });
}

function declined(): ArcError {
  return new ArcError({
    problem: { code: 'declined', message: 'Nothing was changed.' },
    status: exitStatus.interrupted,
  });
}
