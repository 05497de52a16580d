import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { AudioFrame, AudioSource, RemoteTrack, Room } from '@livekit/rtc-node';
import { AccessToken } from 'livekit-server-sdk';
import { origin, type Reply } from './ask.ts';
import { healthRoom } from './health-room.ts';
import type { Aspect, LivekitProbe } from './livekit.ts';

type Rtc = typeof import('@livekit/rtc-node');

const sampleRate = 48_000;
/** 20 ms of audio, what WebRTC sends at a time. */
const frameSamples = 960;
/** Loud enough to be told from comfort noise after Opus has coded it. */
const loudness = 8_000;
const audible = 500;
/** What is left of the time limit to say how far it came. */
const reportMilliseconds = 250;

/**
 * Two participants join over the published ports, one plays a tone and the other hears it. That is signalling, ICE,
 * DTLS and the media ports in one. The WebRTC client is an optional dependency with a native library; its threads live
 * until process.exit(), for it cannot be used again once it is disposed of.
 */
export const media: Aspect['run'] = async ({ probe, timeoutMilliseconds, signal }) => {
  const rtc = load();
  if (!rtc) {
    return {
      ok: false,
      missing: true,
      came: 'not tried, for it needs a WebRTC client: npm install @livekit/rtc-node',
    };
  }
  const limit = AbortSignal.timeout(Math.max(1, timeoutMilliseconds - reportMilliseconds));
  const over = AbortSignal.any([signal, limit]);
  const progress = { step: 'joining' };
  const call = join(rtc, probe, progress, over);
  const late = new Promise<Reply>((resolve) => {
    over.addEventListener(
      'abort',
      () => resolve({ ok: false, came: stuck[progress.step] ?? progress.step }),
      { once: true },
    );
  });
  return Promise.race([call, late]);
};

/** What it means to get no further than a step. */
const stuck: Record<string, string> = {
  joining: 'the participants could not join: WebRTC signalling or ICE does not come through',
  publishing: 'they joined, but audio could not be published',
  listening: 'they joined, but no audio was heard: media ports or the node IP are wrong',
};

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

async function join(
  rtc: Rtc,
  probe: LivekitProbe,
  progress: { step: string },
  over: AbortSignal,
): Promise<Reply> {
  const roomName = healthRoom();
  const [speaker, listener] = [new rtc.Room(), new rtc.Room()];
  const source = new rtc.AudioSource(sampleRate, 1);
  const done = new AbortController();
  const began = performance.now();
  try {
    const url = origin(probe).replace(/^http/, 'ws');
    const heard = untilHeard(rtc, listener);
    await Promise.all([
      speaker.connect(url, await token(probe, roomName, 'arc-health-speaker'), roomOptions),
      listener.connect(url, await token(probe, roomName, 'arc-health-listener'), roomOptions),
    ]);
    const joined = performance.now();
    progress.step = 'publishing';
    const track = rtc.LocalAudioTrack.createAudioTrack('tone', source);
    await speaker.localParticipant?.publishTrack(track, new rtc.TrackPublishOptions());
    progress.step = 'listening';
    void play(rtc, source, AbortSignal.any([done.signal, over]));
    await heard;
    const milliseconds = (from: number, to: number): string => `${Math.round(to - from)} ms`;
    return {
      ok: true,
      came: `joined in ${milliseconds(began, joined)}, heard ${milliseconds(joined, performance.now())} later`,
    };
  } finally {
    done.abort();
    await Promise.allSettled([speaker.disconnect(), listener.disconnect()]);
    await source.close();
  }
}

const roomOptions = { autoSubscribe: true, dynacast: false };

function token(probe: LivekitProbe, room: string, identity: string): Promise<string> {
  const token = new AccessToken(probe.apiKey.reveal(), probe.apiSecret.reveal(), { identity, ttl: 60 });
  token.addGrant({ room, roomJoin: true, roomCreate: true, canPublish: true, canSubscribe: true });
  return token.toJwt();
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
