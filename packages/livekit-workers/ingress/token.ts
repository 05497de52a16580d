import type { IngressInfo } from '@livekit/protocol';
import type { IngressConfig } from './config.ts';

/**
 * What the stream joins its room with: as livekit/protocol's `ingress/token.go` makes it, it may publish and nothing else. It
 * brings the attribute along that upstream's worker sets when it has joined, and which says of which of an ingress's streams it is.
 */
export async function ingressToken(options: {
  config: IngressConfig;
  info: IngressInfo;
  resourceId: string;
}): Promise<string> {
  const { config, info, resourceId } = options;
  // Loaded with the first job: the worker answers without it, and sooner.
  const { AccessToken } = await import('livekit-server-sdk');
  const token = new AccessToken(config.apiKey, config.apiSecret, {
    identity: info.participantIdentity,
    name: info.participantName,
    metadata: info.participantMetadata,
    attributes: { 'ingress.ingressID': info.ingressId, 'ingress.resourceID': resourceId },
    ttl: '24h',
  });
  token.kind = 'ingress';
  token.addGrant({
    room: info.roomName,
    roomJoin: true,
    canPublish: true,
    canSubscribe: false,
    canUpdateOwnMetadata: true,
  });
  return token.toJwt();
}
