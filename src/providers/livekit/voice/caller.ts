import { setTimeout as sleep } from 'node:timers/promises';
import type { Room } from '@livekit/rtc-node';
import type { Rtc } from '../webrtc/rtc.ts';
import { isVoiced, joined, lastVoiced, rate } from './sound.ts';

/** How far ahead of its time sound is handed over, so that a busy machine leaves no gaps in it. */
const leadMs = 120;
/** 10 ms, what a microphone gives at a time. */
const frameSamples = rate / 100;
/** An answer is over when nobody has spoken for this long: longer than between two sentences. */
const quietMs = 1_200;

/** What was heard after a question. Milliseconds of this machine's clock. */
export type Answer = {
  samples: Int16Array;
  /** From the last voiced sample that was played to the first one that was heard. Negative if it came before. */
  afterMs: number;
  /** Pieces of sound that were heard before the question was over: an answer that came too early. */
  early: number;
  /** What the agent says it heard, as captions. */
  captions: readonly string[];
};

/** A message in the room that is no sound. */
export type Message = { topic: string; from: string; text: string };

/** A participant with a microphone that plays what it is given, and ears. */
export type VoiceCaller = {
  /** @returns whether an agent is there and listens, by the state that the framework tells in its attributes */
  agentState: () => string | undefined;
  /** Resolves when somebody can hear the microphone. */
  isHeard: Promise<void>;
  /** Waits until somebody has spoken, and is silent again. */
  listen: (timeoutMs: number) => Promise<Answer>;
  /** Plays a question in real time, and listens. */
  ask: (samples: Int16Array, timeoutMs: number) => Promise<Answer>;
  /** Plays a sound in real time and returns when it is over. */
  play: (samples: Int16Array) => Promise<void>;
  /** When somebody was heard last. */
  lastHeardAt: () => number;
  /** Everything that was told since the caller joined. */
  messages: readonly Message[];
  leave: () => Promise<void>;
};

/** Nothing was heard for too long. */
export class NothingHeard extends Error {}

/**
 * @param options.signal ends all waiting
 * @throws Error where the room cannot be joined
 */
export async function joinAsCaller(options: {
  rtc: Rtc;
  url: string;
  token: string;
  signal: AbortSignal;
}): Promise<VoiceCaller> {
  const { rtc, signal } = options;
  const room = new rtc.Room();
  const messages: Message[] = [];
  for (const topic of ['lk.transcription', 'arc.turn'])
    room.registerTextStreamHandler(topic, (reader, { identity }) => {
      // What is cut off because somebody leaves tells nothing.
      reader.readAll().then(
        (text) => void messages.push({ topic, from: identity, text }),
        () => {},
      );
    });
  room.on(rtc.RoomEvent.DataReceived, (data, participant, _kind, topic = '') => {
    messages.push({ topic, from: participant?.identity ?? '', text: new TextDecoder().decode(data) });
  });
  let heard: { at: number; samples: Int16Array }[] = [];
  let lastLoud = 0;
  room.on(rtc.RoomEvent.TrackSubscribed, async (track) => {
    if (track.kind !== rtc.TrackKind.KIND_AUDIO) return;
    for await (const { data } of new rtc.AudioStream(track, rate, 1)) {
      const at = performance.now();
      heard.push({ at, samples: data.slice() });
      if (isVoiced(data)) lastLoud = at;
    }
  });
  await room.connect(options.url, options.token, { autoSubscribe: true, dynacast: false });
  const microphone = await openMicrophone(rtc, room);

  const listen = async (began: number, endedAt: () => number | undefined, timeoutMs: number) => {
    const told = messages.length;
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const ended = endedAt();
      const first = heard.find(
        ({ at, samples }) => at > (ended ?? Number.POSITIVE_INFINITY) && isVoiced(samples),
      );
      if (ended !== undefined && first !== undefined && performance.now() - lastLoud >= quietMs)
        return {
          samples: joined(heard.filter(({ at }) => at >= began).map(({ samples }) => samples)),
          afterMs: first.at - ended,
          early: heard.filter(({ at, samples }) => at >= began && at <= ended && isVoiced(samples)).length,
          captions: messages
            .slice(told)
            .filter(({ topic }) => topic === 'lk.transcription')
            .map(({ text }) => text),
        };
      if (performance.now() > deadline) throw new NothingHeard(`nobody spoke within ${timeoutMs} ms`);
      await sleep(20, undefined, { signal });
    }
  };
  return {
    messages,
    agentState: () =>
      [...room.remoteParticipants.values()]
        .map(({ attributes }) => attributes['lk.agent.state'])
        .find((state) => state !== undefined),
    isHeard: microphone.isHeard,
    lastHeardAt: () => lastLoud,
    play: async (samples) => void (await microphone.play(samples)),
    listen: async (timeoutMs) => {
      const now = performance.now();
      return await listen(0, () => now, timeoutMs);
    },
    ask: async (samples, timeoutMs) => {
      heard = [];
      const began = performance.now();
      let ended: number | undefined;
      void microphone.play(samples).then((at) => {
        ended = at;
      });
      return await listen(began, () => ended, timeoutMs);
    },
    leave: async () => {
      await microphone.close();
      await room.disconnect();
    },
  };
}

/** Plays sounds in real time, and silence between them: without it the server would see a microphone that is muted. */
async function openMicrophone(rtc: Rtc, room: Room) {
  const source = new rtc.AudioSource(rate, 1, 2 * leadMs);
  const publish = new rtc.TrackPublishOptions();
  publish.source = rtc.TrackSource.SOURCE_MICROPHONE;
  const track = rtc.LocalAudioTrack.createAudioTrack('microphone', source);
  const published = await room.localParticipant?.publishTrack(track, publish);
  const isHeard = published?.waitForSubscription() ?? Promise.reject(new Error('the room was left'));
  isHeard.catch(() => {});
  let playing: { samples: Int16Array; at: number; last: number; ended: (at: number) => void } | undefined;
  let open = true;
  const pump = (async () => {
    for (let due = performance.now() + leadMs; open; due += 10) {
      // Whoever was not scheduled for longer than that has left a gap, and goes on from now.
      due = Math.max(due, performance.now());
      const frame = new Int16Array(frameSamples);
      if (playing !== undefined) {
        const { samples, at, last, ended } = playing;
        frame.set(samples.subarray(at, at + frameSamples));
        playing.at += frameSamples;
        if (at <= last && last < at + frameSamples) ended(due);
        if (playing.at >= samples.length) playing = undefined;
      }
      await source.captureFrame(new rtc.AudioFrame(frame, rate, 1, frameSamples));
      await sleep(Math.max(0, due - leadMs - performance.now()));
    }
  })();
  return {
    isHeard,
    /** @returns when its last voiced sample was played */
    play: async (samples: Int16Array): Promise<number> => {
      const { promise, resolve } = Promise.withResolvers<number>();
      playing = { samples, at: 0, last: Math.max(0, lastVoiced(samples)), ended: resolve };
      return await promise;
    },
    close: async () => {
      open = false;
      await pump;
      await source.close();
    },
  };
}
