import { RtmpError } from './error.ts';
import { messageType, type RtmpMessage } from './message.ts';

/** Before a stream is accepted only commands come, and after that the largest is a picture that stands for itself. */
export const messageLimits = { commands: 64 * 1024, media: 8 * 1024 * 1024 };
/** Encoders use four or five at most. */
const maximumChunkStreams = 16;
/** Bytes of header fields by format (RTMP 1.0, section 5.3.1.2). */
const fieldLengths = [11, 7, 3, 0] as const;
const extended = 0xff_ffff;

/** What is remembered of a chunk stream, for later chunks leave out what is as before. */
type ChunkStream = {
  timestamp: number;
  /** Of the last message; a message without a header of its own comes as much later. */
  delta: number;
  hasExtendedTimestamp: boolean;
  length: number;
  type: number;
  stream: number;
  parts: Buffer[];
  received: number;
};

/**
 * Puts messages together from the bytes of a connection. Never holds more than the one limit of unfinished messages.
 */
export class ChunkReader {
  /** Bytes of all unfinished messages together, and of one message. */
  limit: number = messageLimits.commands;
  #chunkSize = 128;
  #streams = new Map<number, ChunkStream>();
  #header = Buffer.alloc(0);
  /** The chunk whose payload is being read. */
  #reading: { stream: ChunkStream; left: number } | undefined;
  #held = 0;

  /**
   * @returns the messages that are whole now
   * @throws RtmpError
   */
  *read(bytes: Buffer): Generator<RtmpMessage> {
    let rest = bytes;
    while (rest.length > 0) {
      if (this.#reading) {
        const part = rest.subarray(0, this.#reading.left);
        rest = rest.subarray(part.length);
        const message = this.#add(this.#reading, part);
        if (message) yield* this.#controlled(message);
        continue;
      }
      // A header is at most 18 bytes, so that what is joined here is small.
      const known = this.#header.length;
      this.#header = Buffer.concat([this.#header, rest.subarray(0, 18)]);
      const used = this.#readHeader(this.#header);
      if (used === undefined) {
        if (this.#header.length >= 18) throw new RtmpError('a chunk has no end of its header');
        return;
      }
      this.#header = Buffer.alloc(0);
      rest = rest.subarray(used - known);
      // A message without a body is whole already.
      if (this.#reading && (this.#reading as { left: number }).left === 0) {
        const message = this.#add(this.#reading, Buffer.alloc(0));
        if (message) yield* this.#controlled(message);
      }
    }
  }

  /** @returns the header's length, or nothing where it is not whole yet */
  #readHeader(bytes: Buffer): number | undefined {
    const first = bytes[0];
    if (first === undefined) return undefined;
    const format = first >> 6;
    let id = first & 0x3f;
    let at = 1;
    if (id < 2) {
      at += id + 1;
      if (bytes.length < at) return undefined;
      id = 64 + bytes.readUInt8(1) + (id === 1 ? 256 * bytes.readUInt8(2) : 0);
    }
    const fields = at;
    at += fieldLengths[format] ?? 0;
    if (bytes.length < at) return undefined;

    const before = this.#streams.get(id);
    if (!before && format !== 0) throw new RtmpError('a chunk refers to one before it that there was not');
    const stream: ChunkStream = before ?? emptyStream();
    const begins = stream.received === 0 && stream.parts.length === 0;
    if (!begins && format !== 3) throw new RtmpError('a message begins in the middle of another');

    const time = format < 3 ? bytes.readUIntBE(fields, 3) : 0;
    const isExtended = format < 3 ? time === extended : stream.hasExtendedTimestamp;
    if (isExtended && bytes.length < at + 4) return undefined;
    const wholeTime = isExtended ? bytes.readUInt32BE(at) : time;
    if (isExtended) at += 4;

    if (!before) {
      if (this.#streams.size >= maximumChunkStreams)
        throw new RtmpError(`more than ${maximumChunkStreams} chunk streams`);
      this.#streams.set(id, stream);
    }
    if (format < 3) stream.hasExtendedTimestamp = isExtended;
    if (format < 2) {
      stream.length = bytes.readUIntBE(fields + 3, 3);
      stream.type = bytes.readUInt8(fields + 6);
    }
    if (format === 0) {
      stream.stream = bytes.readUInt32LE(fields + 7);
      stream.timestamp = wholeTime;
      stream.delta = 0;
    } else if (format < 3) {
      stream.delta = wholeTime;
    }
    if (begins && format !== 0) stream.timestamp = (stream.timestamp + stream.delta) >>> 0;
    if (stream.length > this.limit)
      throw new RtmpError(`a message of ${stream.length} bytes, where ${this.limit} are allowed`);
    this.#reading = { stream, left: Math.min(this.#chunkSize, stream.length - stream.received) };
    return at;
  }

  #add(reading: { stream: ChunkStream; left: number }, part: Buffer): RtmpMessage | undefined {
    const { stream } = reading;
    if (part.length > 0) stream.parts.push(part);
    stream.received += part.length;
    reading.left -= part.length;
    this.#held += part.length;
    if (this.#held > this.limit) throw new RtmpError(`more than ${this.limit} bytes of unfinished messages`);
    if (reading.left > 0) return undefined;
    this.#reading = undefined;
    if (stream.received < stream.length) return undefined;
    const body = Buffer.concat(stream.parts);
    this.#held -= body.length;
    stream.parts = [];
    stream.received = 0;
    return { type: stream.type, stream: stream.stream, timestamp: stream.timestamp, body };
  }

  /** What is about chunks alone is dealt with here. */
  *#controlled(message: RtmpMessage): Generator<RtmpMessage> {
    const { type, body } = message;
    if (type === messageType.setChunkSize) {
      const size = body.length >= 4 ? body.readUInt32BE() : 0;
      // The first bit must be 0; smaller than at the start would only cost memory.
      if (size < 128 || size > 0x7fff_ffff) throw new RtmpError(`a chunk size of ${size}`);
      this.#chunkSize = Math.min(size, extended);
    } else if (type === messageType.abort) {
      const aborted = body.length >= 4 ? this.#streams.get(body.readUInt32BE()) : undefined;
      if (!aborted) return;
      this.#held -= aborted.received;
      aborted.parts = [];
      aborted.received = 0;
    } else {
      yield message;
    }
  }
}

const emptyStream = (): ChunkStream => ({
  timestamp: 0,
  delta: 0,
  hasExtendedTimestamp: false,
  length: 0,
  type: 0,
  stream: 0,
  parts: [],
  received: 0,
});

/** Chunk streams by type, so that sound need not wait for the end of a large picture; everything else is the protocol's own. */
const chunkStreams: Readonly<Record<number, number>> = {
  [messageType.command]: 3,
  [messageType.audio]: 4,
  [messageType.data]: 5,
  [messageType.video]: 6,
};

/** Each message is one whole header and its chunks: what could be left out of a header is little beside a picture. */
export function chunked(message: RtmpMessage, chunkSize: number): Buffer {
  const { type, stream, timestamp, body } = message;
  const id = chunkStreams[type] ?? 2;
  const isExtended = timestamp >= extended;
  const header = Buffer.alloc(isExtended ? 16 : 12);
  header[0] = id;
  header.writeUIntBE(isExtended ? extended : timestamp, 1, 3);
  header.writeUIntBE(body.length, 4, 3);
  header[7] = type;
  header.writeUInt32LE(stream, 8);
  // After 4.6 hours; each chunk of the message then has it (section 5.3.1.3).
  const time = Buffer.alloc(isExtended ? 4 : 0);
  if (isExtended) {
    header.writeUInt32BE(timestamp >>> 0, 12);
    time.writeUInt32BE(timestamp >>> 0);
  }
  const parts = [header, body.subarray(0, chunkSize)];
  for (let at = chunkSize; at < body.length; at += chunkSize)
    parts.push(Buffer.of(0xc0 | id), time, body.subarray(at, at + chunkSize));
  return Buffer.concat(parts);
}
