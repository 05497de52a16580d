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
    throw failed({
      code: 'database-refused',
      message: `arc could not ${doing} in ${server.role}.`,
      detail: [redact(answerOf(cause), [server.password])],
      suggestion: suggestionFor({ cause, server }),
    });
  }
}

/** The server's error with its code: `42P01 relation "turns" does not exist`. */
export function answerOf(cause: unknown): string {
  return cause instanceof pg.DatabaseError ? `${cause.code ?? ''} ${cause.message}`.trim() : explain(cause);
}

function suggestionFor(options: { cause: unknown; server: DatabaseServer }): string {
  const { cause, server } = options;
  switch (cause instanceof pg.DatabaseError ? cause.code : undefined) {
    // invalid_password
    case '28P01':
      return `${server.role} runs with another password of ${server.user}: \`arc up ${server.role}\` recreates it with the current one`;
    // feature_not_supported, as PostgreSQL answers where it has no files of an extension
    case '0A000':
      return 'remove it where it is declared, or use an image that has it';
    default:
      return `arc logs ${server.role}`;
  }
}
