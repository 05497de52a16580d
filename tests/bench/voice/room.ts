import { AccessToken } from 'livekit-server-sdk';
import { joinAsCaller, type VoiceCaller } from '../../../src/providers/livekit/voice/caller.ts';
import { type SpeechService, speechService } from '../../../src/providers/livekit/voice/speech.ts';
import { loadRtc } from '../../../src/providers/livekit/webrtc/rtc.ts';
import { devLivekit } from '../../support/rooms.ts';
import { until } from '../../support/until.ts';
import { NotMeasured } from '../context.ts';
import { livekitUrl } from '../load.ts';

/** Somebody who talks with the agent, and what speaks and hears for them. */
export type Talk = { caller: VoiceCaller; speech: SpeechService; signal: AbortSignal };

let rooms = 0;

/** Joins a new room; nobody is waited for. */
export async function enterRoom(signal: AbortSignal): Promise<Talk> {
  rooms += 1;
  const room = `bench-${process.pid}-${rooms}`;
  const token = new AccessToken(devLivekit.apiKey, devLivekit.apiSecret, { identity: `caller-${rooms}` });
  token.addGrant({ roomJoin: true, room });
  const rtc = loadRtc();
  if (rtc === undefined) throw new NotMeasured('@livekit/rtc-node is not installed');
  const caller = await joinAsCaller({ rtc, url: livekitUrl, token: await token.toJwt(), signal });
  const speech = speechService({ address: { host: '127.0.0.1', port: 8001 }, signal });
  return { caller, speech, signal };
}

/** Joins a new room, and waits until the agent has greeted. */
export async function startTalk(signal: AbortSignal): Promise<Talk> {
  const talk = await enterRoom(signal);
  await talk.caller.listen(120_000);
  await until({ what: 'an agent that listens', ask: () => talk.caller.agentState() === 'listening' });
  return talk;
}
