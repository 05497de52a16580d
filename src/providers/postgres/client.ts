import pg from 'pg';
import { type Fields, secretField, textField } from '../../core/data.ts';
import type { Secret } from '../../core/secret.ts';
import type { SocketAddress } from '../../core/socket-address.ts';

/** The way into a PostgreSQL server. Nothing is connected before {@link withDatabase}. */
export type DatabaseServer = {
  /** Role of the server's container, for messages. */
  role: string;
  user: string;
  password: Secret;
  address: SocketAddress;
};

/** Time limit for one connection, so that a server that does not answer does not use up the boot's deadline. */
const connectMilliseconds = 5_000;

/** @param options.fields of a postgres probe of the server, which holds its keys */
export function openDatabaseServer(options: {
  role: string;
  fields: Fields;
  address: SocketAddress;
}): DatabaseServer {
  const { role, fields, address } = options;
  return { role, user: textField(fields, 'user'), password: secretField(fields, 'password'), address };
}

/**
 * Connects to a database, and leaves it once `run` has ended. An aborted signal ends the connection, and with it what
 * waits for an answer; the server then rolls an open transaction back.
 *
 * @throws what the server answers
 */
export async function withDatabase<Result>(
  options: { server: DatabaseServer; database: string; signal: AbortSignal },
  run: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const { server, database, signal } = options;
  signal.throwIfAborted();
  const client = new pg.Client({
    ...server.address,
    user: server.user,
    password: server.password.reveal(),
    database,
    connectionTimeoutMillis: connectMilliseconds,
    application_name: 'arc',
  });
  // The waiting query reports a lost connection; without this listener Node would also end the process.
  client.on('error', () => undefined);
  const leave = (): void => void client.end().catch(() => undefined);
  signal.addEventListener('abort', leave, { once: true });
  try {
    await client.connect();
    return await run(client);
  } finally {
    signal.removeEventListener('abort', leave);
    await client.end().catch(() => undefined);
  }
}
