import { type ArcError, prerequisite } from '../core/errors.ts';
import type { Context } from './context.ts';

/**
 * The refusal of something that only root may do.
 *
 * @param options.may what that is: `write /etc/hosts`
 * @param options.words the command without the program's name: `hosts --write`
 */
export function notRoot(options: {
  context: Pick<Context, 'program'>;
  may: string;
  words: string;
  cause?: unknown;
}): ArcError {
  const { context, may, words, cause } = options;
  const problem = {
    code: 'not-root',
    message: `Only root may ${may}.`,
    suggestion: `sudo ${context.program} ${words}`,
  };
  return prerequisite(problem, cause);
}
