import { connect, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';

/** Somebody who is logged in to the stack's NATS, and what the server has told of it since. */
export type NatsUser = AsyncDisposable & {
  connection: NatsConnection;
  /** What the server did not allow, in its words. */
  refusals: () => Promise<readonly string[]>;
  /** How often the connection was lost. */
  losses: () => number;
};

/** @param options.role whose inbox replies come to; arc's own key may use any */
export async function logInToNats(options: { seed: string; role?: string }): Promise<NatsUser> {
  const { seed, role } = options;
  const connection = await connect({
    servers: '127.0.0.1:4222',
    authenticator: nkeyAuthenticator(new TextEncoder().encode(seed)),
    ...(role === undefined ? {} : { inboxPrefix: `_INBOX_${role}` }),
    reconnectTimeWait: 100,
    maxReconnectAttempts: -1,
  });
  const refused: string[] = [];
  let lost = 0;
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'error') refused.push(String(status.error.message));
      if (status.type === 'disconnect') lost += 1;
    }
  })();
  return {
    connection,
    refusals: async () => {
      // The server answers in order: what it refuses it says before the answer to this.
      await connection.flush();
      await new Promise((resolve) => setImmediate(resolve));
      return refused.splice(0);
    },
    losses: () => lost,
    [Symbol.asyncDispose]: () => connection.close(),
  };
}

/** The development seeds of a manifest, by the role that each is for. */
export function seedsIn(manifest: string): ReadonlyMap<string, string> {
  const found = manifest.matchAll(/^ {2}(\w+)_nats_seed:\n(?: {4}.*\n)*? {4}dev: (SU\w+)$/gm);
  return new Map(Array.from(found, ([, role = '', seed = '']) => [role.replaceAll('_', '-'), seed]));
}
