import type { Problem } from '../core/errors.ts';

/**
 * The warning that a container runs another flavour than expected.
 *
 * @param options.because why, as the choice of the flavour says it
 * @param options.attempts what was tried to get the other one
 */
export function flavourWarning(options: {
  role: string;
  image: string;
  because: string;
  attempts?: readonly string[] | undefined;
}): Problem {
  const { role, image, because, attempts } = options;
  return {
    code: 'embedded-flavour',
    message: `${role} runs its embedded flavour, ${image}: ${because}.`,
    ...(attempts === undefined ? {} : { detail: attempts }),
    suggestion: 'docs/embedded-workers.md says what it lacks; --flavour upstream insists on the other',
  };
}
