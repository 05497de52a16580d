import pg from 'pg';
import { explain } from '../../core/probes/ask.ts';
import { explained } from '../refusals.ts';
import type { DatabaseServer } from './client.ts';

/** Runs calls to a server; one that fails is explained. */
export function explainRefusals<Result>(
  options: { server: DatabaseServer; doing: string },
  calls: () => Promise<Result>,
): Promise<Result> {
  const { server, doing } = options;
  return explained(
    {
      ...{ code: 'database-refused', role: server.role, secrets: [server.password], doing },
      answer: answerOf,
      suggestion: (cause) => suggestionFor({ cause, server }),
    },
    calls,
  );
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
