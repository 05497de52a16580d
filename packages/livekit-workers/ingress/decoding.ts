import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { TrackClock } from './clock.ts';
import { channelCount, decoderArguments, sampleRate } from './decoder.ts';
import { longestWait, pace } from './pacer.ts';
import type { Picture } from './picture.ts';

/** One track, as it comes out of the decoder: each block at its time. */
export type Outlet = { clock: TrackClock; send: (block: Buffer, at: number) => void };

/** Audio comes in blocks of so many milliseconds. */
export const audioBlock = 20;
/** The samples of a block, of one channel. */
export const audioBlockSamples = (sampleRate * audioBlock) / 1000;
/** What has left the decoder is shown within so many milliseconds: it was sent early by so much, and waits for the other track. */
const tail = longestWait + 200;

/**
 * Decodes a stream.
 *
 * @param options.stream absent: this process's own standard input
 * @param options.isLive blocks are dropped until then
 * @param options.ended called once, when everything has been sent, or with what is wrong
 */
export function startDecoding(options: {
  format: 'flv' | 'nut';
  stream?: Readable;
  picture: Picture;
  audio?: Outlet;
  video?: Outlet;
  isLive: () => boolean;
  ended: (reason?: string) => void;
}): { kill: () => void } {
  const { format, stream, picture, audio, video, isLive, ended } = options;
  const layout = { audio: audio !== undefined, video: video !== undefined };
  const decoder = spawn('ffmpeg', decoderArguments({ format, layout, picture }), {
    stdio: [stream ? 'pipe' : 'inherit', 'pipe', 'pipe', 'pipe'],
  });
  if (stream && decoder.stdin) {
    // What is written to a decoder that has ended is lost anyway.
    decoder.stdin.on('error', () => {});
    stream.pipe(decoder.stdin);
  }
  let complaint = '';
  decoder.stderr?.on('data', (text) => {
    complaint = `${complaint}${text}`.slice(-500);
  });
  decoder.on('error', (cause) => ended(cause.message));
  decoder.on('close', (code) => {
    if (code === 0) {
      setTimeout(ended, tail);
      return;
    }
    const lastLine = complaint.trim().split('\n').at(-1);
    ended(`The stream cannot be decoded: ${lastLine || `ffmpeg ended with ${code}`}`);
  });
  if (audio)
    pace({
      input: decoder.stdio[3] as Readable,
      size: audioBlockSamples * channelCount * 2,
      interval: audioBlock,
      isLive,
      ...audio,
    });
  if (video && decoder.stdout)
    pace({
      input: decoder.stdout,
      size: (picture.width * picture.height * 3) / 2,
      interval: 1000 / picture.framesPerSecond,
      isLive,
      ...video,
    });
  return { kill: () => void decoder.kill('SIGKILL') };
}
