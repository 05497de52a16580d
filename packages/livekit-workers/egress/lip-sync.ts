import type { Delays } from './delays.ts';

/** How fast a picture may move against the sound, in seconds a second: a fifth of the pictures, one at a time. */
const fastest = 0.2;
/** More than this no picture is moved, whatever is told. Seconds. */
const farthest = 0.2;

/**
 * How much later pictures are to be seen, so that they fit to what is heard. WebRTC delays sound by what the network's jitter needs,
 * and changes that as it goes on; it delays pictures by something else; and both can be known.
 */
export class LipSync {
  #delays: Delays = {};
  #shift: number | undefined;
  #at = 0;

  /** What is not told stays as it was. */
  delayed(delays: Delays): void {
    this.#delays = { ...this.#delays, ...delays };
  }

  /** @param seconds any clock @returns seconds, to be added to the time of a picture */
  shift(seconds: number): number {
    const { audio, video } = this.#delays;
    if (audio === undefined || video === undefined) return this.#shift ?? 0;
    const wanted = Math.max(-farthest, Math.min(farthest, audio - video));
    const most = (seconds - this.#at) * fastest;
    this.#at = seconds;
    const before = this.#shift;
    this.#shift = before === undefined ? wanted : before + Math.max(-most, Math.min(most, wanted - before));
    return this.#shift;
  }
}
