import pg from 'pg';
import { ArcError, failed } from '../../core/errors.ts';
import { explain } from '../../core/probes/ask.ts';
import { redact } from '../../core/secret.ts';
import type { DatabaseServer } from './client.ts';

/** Runs calls to a server, and says of one that fails what was to be done, where, and what the server answered. */
export async function explainRefusals<Result>(
  options: { server: DatabaseServer; doing: string },
  calls: () => Promise<Result>,
): Promise<Result> {
  const { server, doing } = options;
  try {
    return await calls();
  } catch (cause) {
    if (cause instanceof ArcError) throw cause;
    const isPassword = cause instanceof pg.DatabaseError && cause.code === '28P01';
    throw failed({
      code: 'database-refused',
      message: `arc could not ${doing} in ${server.role}.`,
      detail: [redact(answerOf(cause), [server.password])],
      suggestion: isPassword
        ? `the password of ${server.user} differs from the one that the data was created with: restore that one`
        : `arc logs ${server.role}`,
    });
  }
}

/** What a server answered, with its code: `42P01 relation "turns" does not exist`. */
export function answerOf(cause: unknown): string {
  return cause instanceof pg.DatabaseError ? `${cause.code ?? ''} ${cause.message}`.trim() : explain(cause);
}
