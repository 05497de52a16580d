import { messageType } from '../../rtmp/message.ts';

/** A part of an FLV file, which is what RTMP carries, too. Times in milliseconds. */
export type FlvTag = { type: number; timestamp: number; body: Buffer };

/** Of the file, and of each tag; behind a tag its length is said again. Bytes (version 10.1, annex E). */
const lengths = { header: 9 + 4, tag: 11, after: 4 };

/** Takes the tags out of an FLV file that comes in pieces. */
export class FlvReader {
  #parts: Buffer[] = [];
  #held = 0;
  #needed = lengths.header;
  #isInside = false;

  *read(bytes: Buffer): Generator<FlvTag> {
    this.#parts.push(bytes);
    this.#held += bytes.length;
    // Joined only once there is enough of it: a picture comes in many pieces.
    while (this.#held >= this.#needed) {
      const all = Buffer.concat(this.#parts);
      if (!this.#isInside) {
        this.#isInside = true;
        this.#keep(all.subarray(lengths.header));
        this.#needed = lengths.tag;
        continue;
      }
      const whole = lengths.tag + all.readUIntBE(1, 3) + lengths.after;
      if (all.length < whole) {
        this.#needed = whole;
        this.#keep(all);
        continue;
      }
      yield {
        type: all.readUInt8() & 0x1f,
        timestamp: (all.readUIntBE(4, 3) | (all.readUInt8(7) << 24)) >>> 0,
        body: all.subarray(lengths.tag, whole - lengths.after),
      };
      this.#needed = lengths.tag;
      this.#keep(all.subarray(whole));
    }
  }

  #keep(rest: Buffer): void {
    this.#parts = [rest];
    this.#held = rest.length;
  }
}

/** What a decoder needs before anything else: the stream's description, and how its pictures and sound are coded. */
export const isPreamble = ({ type, body }: FlvTag): boolean =>
  type === messageType.data ||
  (type === messageType.video && (body[0] ?? 0) % 16 === 7 && body[1] === 0) ||
  (type === messageType.audio && (body[0] ?? 0) >> 4 === 10 && body[1] === 0);

/** A picture that stands for itself. */
export const isKey = ({ type, body }: FlvTag): boolean =>
  type === messageType.video && (body[0] ?? 0) >> 4 === 1;
