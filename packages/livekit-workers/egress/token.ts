import type { EgressConfig } from './config.ts';

/** What a recorder joins its room with, as livekit/protocol's `egress/token.go` makes it: nobody sees it, and it says nothing. */
export async function egressToken(options: {
  config: Pick<EgressConfig, 'apiKey' | 'apiSecret'>;
  egressId: string;
  roomName: string;
}): Promise<string> {
  const { config, egressId, roomName } = options;
  // Loaded with the first job: the worker answers without it, and sooner.
  const { AccessToken } = await import('livekit-server-sdk');
  const token = new AccessToken(config.apiKey, config.apiSecret, { identity: egressId, ttl: '24h' });
  token.kind = 'egress';
  token.addGrant({
    room: roomName,
    roomJoin: true,
    canPublish: false,
    canPublishData: false,
    canSubscribe: true,
    hidden: true,
    recorder: true,
  });
  return token.toJwt();
}
