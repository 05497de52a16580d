import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import { type Fields, secretField } from '../../core/data.ts';
import type { Secret } from '../../core/secret.ts';
import { authority, type SocketAddress } from '../../core/socket-address.ts';

/** The way into a NATS server. Nothing is connected before {@link withNats}. */
export type NatsServer = {
  /** Role of the server's container, for messages. */
  role: string;
  seed: Secret;
  address: SocketAddress;
};

/** Time limit for one connection and for one call, so that a hanging server does not use up the boot's deadline. */
export const callMilliseconds = 5_000;

/** @param options.fields of a nats probe of the server, which holds its key */
export function openNatsServer(options: {
  role: string;
  fields: Fields;
  address: SocketAddress;
}): NatsServer {
  const { role, fields, address } = options;
  return { role, seed: secretField(fields, 'seed'), address };
}

/**
 * Connects, and leaves once `run` has ended. A lost connection is an error: the server has just said that it is ready.
 *
 * @param options.inbox prefix of the subjects that replies come to; a role other than arc's own may read no other
 * @throws what the server answers
 */
export async function withNats<Result>(
  options: { server: NatsServer; inbox?: string; signal: AbortSignal },
  run: (connection: NatsConnection) => Promise<Result>,
): Promise<Result> {
  const { server, inbox, signal } = options;
  signal.throwIfAborted();
  const connection = await connect({
    servers: authority(server.address),
    authenticator: nkeyAuthenticator(new TextEncoder().encode(server.seed.reveal())),
    name: 'arc',
    reconnect: false,
    timeout: callMilliseconds,
    ...(inbox === undefined ? {} : { inboxPrefix: inbox }),
  });
  const leave = (): void => void connection.close();
  signal.addEventListener('abort', leave, { once: true });
  try {
    // It may have been aborted meanwhile.
    signal.throwIfAborted();
    return await run(connection);
  } finally {
    signal.removeEventListener('abort', leave);
    await connection.close();
  }
}
