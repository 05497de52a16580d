import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AudioFrame, AudioSource, RemoteTrack, Room, RoomOptions } from '@livekit/rtc-node';
import { defined } from '../../core/defined.ts';
import { putBackMilliseconds, type Reply } from '../../core/probes/ask.ts';
import { origin } from '../../core/socket-address.ts';
import { withoutProxies } from '../../host/proxies.ts';
import { healthRoom } from './health-room.ts';
import { endRooms } from './live-rooms.ts';
import type { Aspect } from './probe.ts';
import type { LivekitServer } from './server.ts';
import { accessToken } from './token.ts';

type Rtc = typeof import('@livekit/rtc-node');

const sampleRate = 48_000;
/** 20 ms of audio, what WebRTC sends at a time. */
const frameSamples = 960;
/** Loud enough to be told from comfort noise after Opus has coded it. */
const loudness = 8_000;
const audible = 500;
/** The share of the time limit that is reserved for leaving the room, which seldom takes longer, and for reporting. */
const leaveMilliseconds = 1_250;

/**
 * Two participants join over the published ports; one plays a tone and the other listens. This tests signalling, ICE,
 * DTLS and the media ports together. The WebRTC client is an optional dependency with a native library. Its threads
 * live until process.exit(), because it cannot be used again after it is disposed of.
 */
export const media: Aspect['run'] = (options) => hear(options);

/** A TURN server, and who one is there. */
export type Relay = { url: string; username: string; password: string };

/** @param options.relay the only way that media of both may go; absent if any way will do */
export async function hear(options: {
  server: LivekitServer;
  timeoutMilliseconds: number;
  signal: AbortSignal;
  relay?: Relay;
}): Promise<Reply> {
  const { server, timeoutMilliseconds, signal, relay } = options;
  const rtc = load();
  if (!rtc) {
    return {
      ok: false,
      missing: true,
      came: 'not tried: it needs a WebRTC client, npm install @livekit/rtc-node',
    };
  }
  const limit = AbortSignal.timeout(Math.max(1, timeoutMilliseconds - leaveMilliseconds));
  const over = AbortSignal.any([signal, limit]);
  const call: Call = {
    rtc,
    server,
    room: healthRoom(),
    speaker: new rtc.Room(),
    listener: new rtc.Room(),
    source: new rtc.AudioSource(sampleRate, 1),
    done: new AbortController(),
    step: 'joining',
    ...defined({ relay }),
  };
  const late = new Promise<Reply>((resolve) => {
    const giveUp = (): void => resolve({ ok: false, came: relay ? notRelayed : stuck[call.step] });
    over.addEventListener('abort', giveUp, { once: true });
  });
  // The client's native library asks the proxy that the environment names, also for loopback.
  return withoutProxies(async () => {
    try {
      return await Promise.race([talk(call), late]);
    } finally {
      await Promise.race([leave(call), sleep(putBackMilliseconds)]);
    }
  });
}

type Call = {
  rtc: Rtc;
  server: LivekitServer;
  room: string;
  speaker: Room;
  listener: Room;
  /** Both are in the room, or cannot be. */
  joined?: Promise<unknown>;
  source: AudioSource;
  /** Ends the tone. */
  done: AbortController;
  step: keyof typeof stuck;
  relay?: Relay;
};

/** What it means to get no further than each step. */
const stuck = {
  joining: 'the participants could not join: WebRTC signalling or ICE does not come through',
  publishing: 'they joined, but audio could not be published',
  listening: 'they joined, but no audio was heard: media ports or the node IP are wrong',
} as const;

const notRelayed =
  'nobody was heard through TURN: the relay does not reach the address that the server tells clients (node_ip)';

function load(): Rtc | undefined {
  try {
    // The library logs to standard output, where arc's answers go, and has no setting against it; its logger is
    // reached by its file. Another version may keep it elsewhere, and then it logs.
    const require = createRequire(import.meta.filename);
    try {
      const { log } = require(`${dirname(require.resolve('@livekit/rtc-node'))}/log.cjs`) as {
        log: { level?: string };
      };
      log.level = 'silent';
    } catch {}
    return require('@livekit/rtc-node') as Rtc;
  } catch {
    return undefined;
  }
}

async function talk(call: Call): Promise<Reply> {
  const { rtc, server, room, speaker, listener, source, done } = call;
  const began = performance.now();
  const url = origin(server.address).replace(/^http/, 'ws');
  const heard = untilHeard(rtc, listener);
  const roomOptions = roomOptionsOf(call);
  const joining = [
    speaker.connect(url, await token(server, room, 'arc-health-speaker'), roomOptions),
    listener.connect(url, await token(server, room, 'arc-health-listener'), roomOptions),
  ];
  call.joined = Promise.allSettled(joining);
  await Promise.all(joining);
  const joined = performance.now();
  call.step = 'publishing';
  const track = rtc.LocalAudioTrack.createAudioTrack('tone', source);
  await speaker.localParticipant?.publishTrack(track, new rtc.TrackPublishOptions());
  call.step = 'listening';
  void play(rtc, source, done.signal);
  await heard;
  const milliseconds = (from: number, to: number): string => `${Math.round(to - from)} ms`;
  return {
    ok: true,
    came: `joined in ${milliseconds(began, joined)}, heard ${milliseconds(joined, performance.now())} later`,
  };
}

/**
 * Ends the room, however far the check came: a server that is asked to stop waits for the last participant, even for
 * one that vanished, until it is killed. A participant who has only half joined cannot leave the room, so the room is
 * ended as well. Anybody who joins later creates it again.
 */
async function leave({ server, room, speaker, listener, joined, source, done }: Call): Promise<void> {
  done.abort();
  const leaving = async (): Promise<void> => {
    await joined;
    await Promise.allSettled([speaker.disconnect(), listener.disconnect()]);
  };
  const left = leaving();
  await Promise.race([left, sleep(halfInMilliseconds)]);
  await endRooms({ server, rooms: [room], timeoutMilliseconds: putBackMilliseconds });
  await left;
  await source.close();
}

/** A participant who is in the room leaves it faster than that. */
const halfInMilliseconds = 500;

function roomOptionsOf({ rtc, relay }: Call): RoomOptions {
  const options = { autoSubscribe: true, dynacast: false };
  if (relay === undefined) return options;
  const { url, ...credentials } = relay;
  return {
    ...options,
    rtcConfig: {
      iceTransportType: rtc.IceTransportType.TRANSPORT_RELAY,
      continualGatheringPolicy: rtc.ContinualGatheringPolicy.GATHER_ONCE,
      iceServers: [new rtc.IceServer({ urls: [url], ...credentials })],
    },
  };
}

function token(server: LivekitServer, room: string, identity: string): Promise<string> {
  return accessToken({ server, identity, ttl: 60, grant: { room, roomCreate: true, canPublish: true } });
}

/** Resolves once a frame arrives that is no silence. */
function untilHeard(rtc: Rtc, listener: Room): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.on(rtc.RoomEvent.TrackSubscribed, (track: RemoteTrack) => {
      listen(rtc, track).then(resolve, reject);
    });
  });
}

async function listen(rtc: Rtc, track: RemoteTrack): Promise<void> {
  const reader = new rtc.AudioStream(track, { sampleRate, numChannels: 1 }).getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) throw new Error('the audio track ended before anything was heard');
      if (isAudible(value)) return;
    }
  } finally {
    void reader.cancel();
  }
}

function isAudible({ data }: AudioFrame): boolean {
  return data.some((sample) => Math.abs(sample) > audible);
}

/** A tone of 440 Hz; the source takes frames no faster than they are played. */
async function play(rtc: Rtc, source: AudioSource, over: AbortSignal): Promise<void> {
  for (let position = 0; !over.aborted; position += frameSamples) {
    const samples = Int16Array.from(
      { length: frameSamples },
      (_, index) => loudness * Math.sin((2 * Math.PI * 440 * (position + index)) / sampleRate),
    );
    try {
      await source.captureFrame(new rtc.AudioFrame(samples, sampleRate, 1, frameSamples));
    } catch {
      // The source is closed while a frame waits to be played.
      return;
    }
  }
}
