import { type Fields, secretField } from '../../core/data.ts';
import type { Secret } from '../../core/secret.ts';
import { origin, type SocketAddress } from '../../core/socket-address.ts';

/** A LiveKit server that can be reached, and the key to sign requests to it with. */
export type LivekitServer = KeyPair & { address: SocketAddress };

export type KeyPair = { apiKey: Secret; apiSecret: Secret };

/** @param options.fields those of a livekit probe */
export function livekitServer(options: { fields: Fields; address: SocketAddress }): LivekitServer {
  const { fields, address } = options;
  return { address, ...keyPair(fields) };
}

/** The key and the secret that sign tokens and requests. */
export function keyPair(fields: Fields): KeyPair {
  return { apiKey: secretField(fields, 'api_key'), apiSecret: secretField(fields, 'api_secret') };
}

/** Options of all clients of the API. */
export function clientOptions(options: {
  server: LivekitServer;
  timeoutMilliseconds: number;
}): [host: string, key: string, secret: string, settings: { requestTimeout: number; failover: boolean }] {
  const { server, timeoutMilliseconds } = options;
  // Seconds, in that library. Failing over to another region means nothing to a server of one's own.
  const settings = { requestTimeout: timeoutMilliseconds / 1000, failover: false };
  return [origin(server.address), server.apiKey.reveal(), server.apiSecret.reveal(), settings];
}
