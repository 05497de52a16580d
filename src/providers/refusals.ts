import { ArcError, failed } from '../core/errors.ts';
import { redact, type Secret } from '../core/secret.ts';

/** How a technology answers when it refuses. */
export type Refusals = {
  /** The code of the problem: `storage-refused`. */
  code: string;
  /** The role of the server. */
  role: string;
  /** Taken out of the answer. */
  secrets: readonly Secret[];
  answer: (cause: unknown) => string;
  suggestion: (cause: unknown) => string;
};

/**
 * Runs calls to a server. If one fails, the error says what arc was doing, where, and what the server answered.
 *
 * @param options.doing completes `arc could not …`
 * @throws ArcError those of the calls, and one with `code` for any other failure
 */
export async function explained<Result>(
  options: Refusals & { doing: string },
  calls: () => Promise<Result>,
): Promise<Result> {
  const { code, role, secrets, doing, answer, suggestion } = options;
  try {
    return await calls();
  } catch (cause) {
    if (cause instanceof ArcError) throw cause;
    throw failed({
      code,
      message: `arc could not ${doing} in ${role}.`,
      detail: [redact(answer(cause), secrets)],
      suggestion: suggestion(cause),
    });
  }
}
