import type { Provider } from '../provider.ts';
import { livekitAnswer, livekitUrl } from './answer.ts';
import { mediaPath } from './media-path.ts';
import { keyPair, livekitServer } from './server.ts';
import { declaredTurn } from './voice/declared.ts';

/** A turn takes about 6 s, and one of the conversations that the agent can hold. */
const voiceIsSlow = { longest: 120_000, believedFor: 24 * 3_600_000 };

/** A LiveKit server, and the workers that arc checks through it. */
export const livekit: Provider = {
  name: 'livekit',
  hint: mediaPath,
  // A boot asks no deep check, so that it does not load LiveKit's libraries.
  probe: {
    kind: 'livekit',
    slow: ({ aspect }) => (aspect === 'voice' ? voiceIsSlow : undefined),
    ask: async (question) => (await import('./probe.ts')).askServer(question),
  },
  losses: async (question) => (await import('./losses.ts')).livekitLosses(question),
  recordings: async (question) => (await import('./recordings.ts')).listRecordings(question),
  activity: async (question) => (await import('./activity.ts')).livekitActivity(question),
  endLive: async (question) => (await import('./losses.ts')).endLiveRooms(question),
  agents: {
    rooms: async (question) => (await import('./agents.ts')).livekitAgentTools.rooms(question),
    dispatch: async (question) => (await import('./agents.ts')).livekitAgentTools.dispatch(question),
    say: async (question) => (await import('./agents.ts')).livekitAgentTools.say(question),
  },
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
  voice: {
    declared: declaredTurn,
    turn: async ({ server, address, ...turn }) => {
      const [{ fields }] = server.probes;
      const { voiceTurn } = await import('./voice/turn.ts');
      return await voiceTurn({ ...turn, server: livekitServer({ fields, address }) });
    },
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
