import type { Problem } from '../core/errors.ts';
import { ownFlavour } from '../manifest/flavours.ts';
import type { ResolvedFlavour } from '../stack/model.ts';

/**
 * The warning that a container runs another flavour than expected.
 *
 * @param options.attempts what was tried to get the other one
 */
export function flavourWarning(options: {
  role: string;
  image: string;
  flavour: ResolvedFlavour;
  attempts?: readonly string[] | undefined;
}): Problem {
  const { role, image, flavour, attempts } = options;
  const { name, because, without } = flavour;
  const insist = `--flavour ${ownFlavour} insists on the other`;
  return {
    code: 'other-flavour',
    message: `${role} runs its ${name} flavour, ${image}: ${because}.`,
    ...(attempts === undefined ? {} : { detail: attempts }),
    suggestion: without === undefined ? insist : `it lacks ${without}; ${insist}`,
  };
}
