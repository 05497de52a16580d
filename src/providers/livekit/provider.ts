import type { Provider } from '../provider.ts';
import { livekitAnswer, livekitUrl } from './answer.ts';
import { mediaPath } from './media-path.ts';
import { keyPair } from './server.ts';

/** A LiveKit server, and the workers that arc checks through it. */
export const livekit: Provider = {
  name: 'livekit',
  hint: mediaPath,
  // A boot asks no deep check, so that it does not load LiveKit's libraries.
  probe: { kind: 'livekit', ask: async (question) => (await import('./probe.ts')).askServer(question) },
  losses: async (question) => (await import('./losses.ts')).livekitLosses(question),
  endLive: async (question) => (await import('./losses.ts')).endLiveRooms(question),
  answer: livekitAnswer,
  token: async ({ server, address, grant }) => {
    const { accessToken } = await import('./token.ts');
    const { room, identity, seconds, publish, admin } = grant;
    const token = await accessToken({
      server: keyPair(server.probes[0].fields),
      identity,
      ttl: seconds,
      grant: {
        room,
        canPublish: publish,
        canPublishData: publish,
        ...(admin ? { roomAdmin: true } : {}),
      },
    });
    return { url: address === undefined ? null : livekitUrl(address), token };
  },
  udpBuffers: {
    // LiveKit asks for a large buffer and warns below 5,000,000 bytes as the kernel reports it, which is twice what was
    // granted (livekit/mediatransportutil, pkg/rtcconfig/rtc_unix.go; doubling: socket(7), SO_RCVBUF).
    least: 2_500_000,
    // The advice of LiveKit's maintainers (livekit/livekit#3203).
    advised: 5_000_000,
    consequence: 'LiveKit loses packets under load',
  },
};
