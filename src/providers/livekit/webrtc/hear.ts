import { setTimeout as sleep } from 'node:timers/promises';
import type { AudioFrame, AudioSource, RemoteTrack, Room, RoomOptions } from '@livekit/rtc-node';
import type { Reply } from '../../../core/probes/ask.ts';
import { loadRtc, type Rtc } from './rtc.ts';
import type { HearTask } from './task.ts';

const sampleRate = 48_000;
/** 20 ms of audio, what WebRTC sends at a time. */
const frameSamples = 960;
/** Loud enough to be told from comfort noise after Opus has coded it. */
const loudness = 8_000;
const audible = 500;
/** How long leaving may take: a participant who is in the room leaves it faster than that. */
const leaveMilliseconds = 500;

/** One participant plays a tone, and another one listens. */
export async function hear(task: HearTask): Promise<Reply> {
  const { relay, limitMilliseconds } = task;
  const rtc = loadRtc();
  if (rtc === undefined)
    return {
      ok: false,
      missing: true,
      came: 'not tried: it needs a WebRTC client, npm install @livekit/rtc-node',
    };
  const call: Call = {
    rtc,
    task,
    speaker: new rtc.Room(),
    listener: new rtc.Room(),
    source: new rtc.AudioSource(sampleRate, 1),
    done: new AbortController(),
    step: 'joining',
  };
  // The time that the process took to start counts, too.
  const left = Math.max(1, limitMilliseconds - performance.now());
  const late = sleep(left).then((): Reply => ({ ok: false, came: relay ? notRelayed : stuck[call.step] }));
  try {
    return await Promise.race([talk(call), late]);
  } finally {
    await Promise.race([leave(call), sleep(leaveMilliseconds)]);
  }
}

type Call = {
  rtc: Rtc;
  task: HearTask;
  speaker: Room;
  listener: Room;
  source: AudioSource;
  /** Ends the tone. */
  done: AbortController;
  step: keyof typeof stuck;
};

/** What it means to get no further than each step. */
const stuck = {
  joining: 'the participants could not join: WebRTC signalling or ICE does not come through',
  publishing: 'they joined, but audio could not be published',
  listening: 'they joined, but no audio was heard: media ports or the node IP are wrong',
} as const;

const notRelayed =
  'nobody was heard through TURN: the relay does not reach the address that the server tells clients (node_ip)';

async function talk(call: Call): Promise<Reply> {
  const { rtc, task, speaker, listener, source, done } = call;
  const { url, tokens } = task;
  const began = performance.now();
  const heard = untilHeard(rtc, listener);
  const roomOptions = roomOptionsOf(call);
  await Promise.all([
    speaker.connect(url, tokens.speaker, roomOptions),
    listener.connect(url, tokens.listener, roomOptions),
  ]);
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

/** A participant who has only half joined cannot leave: who asked for the call ends the room as well. */
async function leave({ speaker, listener, source, done }: Call): Promise<void> {
  done.abort();
  await Promise.allSettled([speaker.disconnect(), listener.disconnect()]);
  await source.close();
}

function roomOptionsOf({ rtc, task: { relay } }: Call): RoomOptions {
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
