import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import {
  channelCount,
  type EncoderOutput,
  encoderArguments,
  inputs,
  outlets,
  sampleRate,
} from './encoder.ts';
import { Mixer } from './mixer.ts';
import type { I420 } from './pictures.ts';
import type { Encoding, Segment } from './recording.ts';
import { due, latency } from './timeline.ts';
import type { Shown, View } from './view.ts';

/** Between two looks at what is due. Milliseconds. */
const tick = 10;
/** Of a recording without pictures, what is handed over at once: 50 blocks a second. */
const blocksPerSecond = 50;
/** An encoder that is this far behind gets pictures that do not change, which cost it next to nothing. Seconds. */
const frozenAfter = 1;
/** An encoder that is this far behind will not come back. Seconds. */
const givenUpAfter = 60;

/** A recording while it runs. */
export type Tape = {
  /** `at`: when it is to be seen, in milliseconds of `performance.now()`. */
  picture: (track: Shown, picture: I420, at: number) => void;
  /** The track shows nothing, until it does again. */
  dark: (sid: string) => void;
  /** Who is speaking, the loudest first. */
  speakers: (identities: readonly string[]) => void;
  /** A speaker, who is heard in the mix. */
  voice: () => (samples: Int16Array) => void;
  /**
   * Ends with what is there now.
   *
   * @returns its length, and how many pictures are a repetition because the encoder was behind
   */
  end: () => Promise<{ seconds: number; frozen: number }>;
  /** Rejects when the encoder ends by itself, which it does not do unless something is wrong. */
  broken: Promise<never>;
};

export function startTape(options: {
  view: View | undefined;
  audio: boolean;
  encoding: Encoding;
  outputs: readonly EncoderOutput[];
  /** Takes its files. */
  folder: string;
  segment: (segment: Segment) => void;
  /** Bytes of the stream, which is FLV. */
  stream: (bytes: Buffer) => void;
}): Tape {
  const { view, audio, encoding, outputs, folder } = options;
  const rate = view ? encoding.framesPerSecond : blocksPerSecond;
  const encoder = spawn('ffmpeg', encoderArguments({ audio, video: view !== undefined, encoding, outputs }), {
    cwd: folder,
    // Its output is the process's own, by which the worker knows when the files are closed.
    stdio: ['ignore', 'inherit', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  const failure = complaintOf(encoder);
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  let isEnding = false;
  const closed = new Promise<void>((resolve) => {
    encoder.on('error', (cause) => {
      broken.reject(new Error(`ffmpeg could not be started: ${cause.message}`));
      resolve();
    });
    encoder.on('close', (code, signal) => {
      if (!isEnding || code !== 0)
        broken.reject(new Error(failure() || `ffmpeg ended with ${signal ?? code}`));
      resolve();
    });
  });
  createInterface({ input: pipeFrom(encoder, outlets.segments) }).on('line', (line) => {
    const segment = segmentOf(line);
    if (segment) options.segment(segment);
  });
  pipeFrom(encoder, outlets.stream).on('data', options.stream);
  const video = pipeTo(encoder, inputs.video);
  const sound = pipeTo(encoder, inputs.audio);

  const mixer = new Mixer({ rate: sampleRate, channels: channelCount, seconds: 5 });
  const origin = performance.now();
  const elapsed = (): number => (performance.now() - origin) / 1_000;
  let slot = 0;
  let written: Buffer | undefined;
  let frozen = 0;

  const giveUp = (): void => broken.reject(new Error('The encoder cannot keep up with the recording.'));
  const feed = (until: number): void => {
    const target = due({ elapsed: until, framesPerSecond: rate, sampleRate });
    for (; slot < target.slots; slot += 1) {
      if (!view) continue;
      const picture = view.at(slot);
      // The same bytes again cost no memory, however long they have to wait.
      const isBehind = written !== undefined && video.writableLength > frozenAfter * rate * picture.length;
      if (isBehind) frozen += 1;
      written = isBehind ? written : picture;
      if (written) video.write(written);
      if (written && video.writableLength > givenUpAfter * rate * written.length) giveUp();
    }
    if (audio) {
      const samples = mixer.take(target.samples);
      if (samples.length > 0)
        sound.write(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
      if (sound.writableLength > givenUpAfter * sampleRate * channelCount * samples.BYTES_PER_ELEMENT)
        giveUp();
    }
  };
  const timer = setInterval(() => feed(elapsed() - latency), tick);

  return {
    picture: (track, picture, at) => view?.push(track, picture, (at - origin) / 1_000),
    dark: (sid) => view?.remove(sid),
    speakers: (identities) => view?.speakers(identities, elapsed()),
    voice: () => {
      const add = mixer.voice();
      return (samples) => add(samples, elapsed());
    },
    end: async () => {
      isEnding = true;
      clearInterval(timer);
      // Of nothing at all an encoder makes nothing but errors.
      const length = Math.max(elapsed(), 1 / rate);
      feed(length);
      video.end();
      sound.end();
      await closed;
      return { seconds: slot / rate, frozen };
    },
    broken: broken.promise,
  };
}

function pipeTo(encoder: ChildProcess, descriptor: number): Writable {
  const pipe = encoder.stdio[descriptor] as Writable | null | undefined;
  if (!pipe) throw new Error('a process without its pipes');
  // The encoder's end says what is wrong, and not the pipe to it.
  pipe.on('error', () => {});
  return pipe;
}

function pipeFrom(encoder: ChildProcess, descriptor: number): Readable {
  const pipe = encoder.stdio[descriptor] as Readable | null | undefined;
  if (!pipe) throw new Error('a process without its pipes');
  pipe.on('error', () => {});
  return pipe;
}

/** `00000.ts,0.000000,4.000000`: what ffmpeg says of a segment when it is finished. */
function segmentOf(line: string): Segment | undefined {
  const [file = '', start, end] = line.split(',');
  return file === '' ? undefined : { file, start: Number(start), end: Number(end) };
}

/** @returns the last line that a process has said */
export function complaintOf(child: ChildProcess): () => string {
  let said = '';
  child.stderr?.on('data', (text) => {
    said = `${said}${text}`.slice(-1_000);
  });
  return () => said.trim().split('\n').at(-1) ?? '';
}
