import { VoiceClock } from './voice-clock.ts';

/** Adds up the sound of several speakers at absolute positions, and hands it out in order. */
export class Mixer {
  #rate: number;
  #channels: number;
  /** A ring of sums, wider than what is added up, so that loud speakers together are not cut before the end. */
  #ring: Int32Array;
  #length: number;
  /** First position that was not handed out yet, in samples a channel. */
  #taken = 0;

  /** @param options.seconds how much of the time it holds, at most */
  constructor(options: { rate: number; channels: number; seconds: number }) {
    this.#rate = options.rate;
    this.#channels = options.channels;
    this.#length = Math.ceil(options.rate * options.seconds);
    this.#ring = new Int32Array(this.#length * options.channels);
  }

  /** One speaker; what is told is when a block arrived, in seconds. */
  voice(): (samples: Int16Array, arrivedAt: number) => void {
    const clock = new VoiceClock(this.#rate);
    let filled = 0;
    return (samples, arrivedAt) => {
      const count = samples.length / this.#channels;
      const position = clock.place(count, arrivedAt);
      // Sound that is moved to where it belongs is not heard twice.
      const known = Math.min(count, Math.max(0, filled - position));
      this.#add(samples.subarray(known * this.#channels), position + known);
      filled = Math.max(filled, position + count);
    };
  }

  /** @returns what was added up until a position, in samples a channel, from where the last call ended */
  take(until: number): Int16Array {
    const count = Math.max(0, until - this.#taken);
    const result = new Int16Array(count * this.#channels);
    for (let index = 0; index < count; index += 1) {
      const at = ((this.#taken + index) % this.#length) * this.#channels;
      for (let channel = 0; channel < this.#channels; channel += 1) {
        const sum = this.#ring[at + channel] ?? 0;
        result[index * this.#channels + channel] = Math.max(-32_768, Math.min(32_767, sum));
        this.#ring[at + channel] = 0;
      }
    }
    this.#taken += count;
    return result;
  }

  /** What belongs before what was handed out, or beyond what the ring holds, is left out. */
  #add(samples: Int16Array, position: number): void {
    const count = samples.length / this.#channels;
    const from = Math.max(position, this.#taken);
    const to = Math.min(position + count, this.#taken + this.#length);
    for (let at = from; at < to; at += 1) {
      const read = (at - position) * this.#channels;
      const write = (at % this.#length) * this.#channels;
      for (let channel = 0; channel < this.#channels; channel += 1) {
        this.#ring[write + channel] = (this.#ring[write + channel] ?? 0) + (samples[read + channel] ?? 0);
      }
    }
  }
}
