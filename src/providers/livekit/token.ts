import { AccessToken, type VideoGrant } from 'livekit-server-sdk';
import type { KeyPair } from './server.ts';

/**
 * A token to join a room with; who has it may subscribe there.
 *
 * @param options.ttl seconds
 */
export function accessToken(options: {
  server: KeyPair;
  identity: string;
  ttl: number;
  grant: VideoGrant & { room: string };
}): Promise<string> {
  const { server, identity, ttl, grant } = options;
  const token = new AccessToken(server.apiKey.reveal(), server.apiSecret.reveal(), { identity, ttl });
  token.addGrant({ roomJoin: true, canSubscribe: true, ...grant });
  return token.toJwt();
}
