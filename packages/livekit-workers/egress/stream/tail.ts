import { messageType } from '../../rtmp/message.ts';
import { type FlvTag, isKey, isPreamble } from './flv-reader.ts';

/**
 * What one of several receivers of a stream gets, who comes when the stream has long begun, or who was too slow for a while: first
 * what a decoder needs, then everything from a picture that stands for itself, in times of its own.
 */
export class Tail {
  #hasVideo: boolean;
  #preamble = new Map<number, FlvTag>();
  /** Time of the stream at which this receiver's began; nothing while it waits for a picture. */
  #origin: number | undefined;
  #isWaiting = true;

  /** @param options.video whether there are pictures to begin with */
  constructor(options: { video: boolean; preamble: readonly FlvTag[] }) {
    this.#hasVideo = options.video;
    for (const tag of options.preamble) this.#remember(tag);
  }

  /** From the next picture on that stands for itself, with everything a decoder needs in front. Times go on. */
  skip(): void {
    this.#isWaiting = true;
  }

  /** A new connection: as `skip`, and times begin anew. */
  restart(): void {
    this.#isWaiting = true;
    this.#origin = undefined;
  }

  /** What the receiver does not get; something of it may be needed later. */
  pass(tag: FlvTag): void {
    if (isPreamble(tag)) this.#remember(tag);
  }

  /** @returns what the receiver gets of it */
  take(tag: FlvTag): readonly FlvTag[] {
    if (isPreamble(tag)) this.#remember(tag);
    if (this.#isWaiting) {
      if (isPreamble(tag) || !(this.#hasVideo ? isKey(tag) : tag.type === messageType.audio)) return [];
      this.#isWaiting = false;
      this.#origin ??= tag.timestamp;
      return [...this.#preamble.values(), tag].map((each) => this.#timed(each, tag.timestamp));
    }
    return [this.#timed(tag, tag.timestamp)];
  }

  #timed(tag: FlvTag, at: number): FlvTag {
    return { ...tag, timestamp: Math.max(0, at - (this.#origin ?? 0)) };
  }

  #remember(tag: FlvTag): void {
    this.#preamble.set(tag.type, tag);
  }
}
