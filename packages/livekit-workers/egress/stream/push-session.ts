import { randomBytes } from 'node:crypto';
import { type Amf0, decodeAmf0, encodeAmf0 } from '../../rtmp/amf0.ts';
import { ChunkReader, chunked } from '../../rtmp/chunks.ts';
import { RtmpError } from '../../rtmp/error.ts';
import { messageType, type RtmpMessage } from '../../rtmp/message.ts';
import type { FlvTag } from './flv-reader.ts';
import type { Target } from './target.ts';

export type PushEvents = {
  send: (bytes: Buffer) => void;
  /** The server takes the stream: `media` may be called from now on. */
  live: () => void;
  /** It does not, or not any more. */
  refused: (reason: string) => void;
};

const handshakeLength = 1536;
/** Pictures are cut into as few pieces as servers commonly take. */
const chunkSize = 4096;
/** Numbers of calls: the answers to these two are waited for. */
const calls = { connect: 1, createStream: 4 } as const;

/** The publishing side of one RTMP connection: bytes in, bytes and events out. It knows no socket and no clock. */
export class PushSession {
  #target: Pick<Target, 'app' | 'key' | 'tcUrl'>;
  #events: PushEvents;
  #handshake: Buffer | undefined = Buffer.alloc(0);
  #chunks = new ChunkReader();
  #chunkSize = 128;
  #stream = 0;
  #isOver = false;
  #received = 0;
  #acknowledged = 0;
  #window = Number.POSITIVE_INFINITY;

  constructor(options: { target: Pick<Target, 'app' | 'key' | 'tcUrl'>; events: PushEvents }) {
    this.#target = options.target;
    this.#events = options.events;
  }

  /** Says the first word, once the connection is there. */
  begin(): void {
    const hello = Buffer.concat([Buffer.of(3), Buffer.alloc(8), randomBytes(handshakeLength - 8)]);
    this.#events.send(hello);
  }

  /** @throws RtmpError where the other side does not speak RTMP */
  read(bytes: Buffer): void {
    let rest: Buffer | undefined = bytes;
    this.#received += bytes.length;
    if (this.#handshake) rest = this.#shakeHands(bytes);
    if (!rest) return;
    for (const message of this.#chunks.read(rest)) if (!this.#isOver) this.#handle(message);
    if (this.#received - this.#acknowledged < this.#window / 2) return;
    this.#acknowledged = this.#received;
    this.#control(messageType.acknowledgement, this.#received >>> 0);
  }

  media({ type, timestamp, body: plain }: FlvTag): void {
    // A description is to be kept by the server for those who come later.
    const body = type === messageType.data ? Buffer.concat([encodeAmf0('@setDataFrame'), plain]) : plain;
    this.#send({ type, stream: this.#stream, timestamp: timestamp >>> 0, body });
  }

  /** Tells the server that this was all. */
  end(): void {
    if (this.#isOver || this.#stream === 0) return;
    this.#isOver = true;
    this.#call('FCUnpublish', 6, null, this.#target.key);
    this.#call('deleteStream', 7, null, this.#stream);
  }

  /** @returns what comes behind the handshake, once it is whole */
  #shakeHands(bytes: Buffer): Buffer | undefined {
    const received = Buffer.concat([this.#handshake ?? Buffer.alloc(0), bytes]);
    if (received.length > 0 && received[0] !== 3) throw new RtmpError('the server does not speak RTMP');
    if (received.length < 1 + 2 * handshakeLength) {
      this.#handshake = received;
      return undefined;
    }
    this.#handshake = undefined;
    // What they sent first, as a proof that it was read.
    this.#events.send(Buffer.from(received.subarray(1, 1 + handshakeLength)));
    const { app, tcUrl } = this.#target;
    const flashVer = 'FMLE/3.0 (compatible; arc)';
    this.#call('connect', calls.connect, { app, type: 'nonprivate', flashVer, tcUrl });
    return received.subarray(1 + 2 * handshakeLength);
  }

  #handle({ type, body }: RtmpMessage): void {
    switch (type) {
      case messageType.windowSize:
        if (body.length >= 4) this.#window = Math.max(body.readUInt32BE(), 4096);
        return;
      case messageType.userControl:
        // A ping, which is given back.
        if (body.length >= 6 && body.readUInt16BE() === 6)
          this.#send({
            type,
            stream: 0,
            timestamp: 0,
            body: Buffer.concat([Buffer.of(0, 7), body.subarray(2, 6)]),
          });
        return;
      case messageType.command:
        this.#command(decodeAmf0(body));
        return;
      case messageType.commandAmf3:
        // The first byte says that the rest is AMF0 after all.
        this.#command(decodeAmf0(body.subarray(1)));
        return;
    }
  }

  #command([name, id, ...values]: Amf0[]): void {
    const isAwaited = id === calls.connect || id === calls.createStream;
    if (name === '_error' && isAwaited) this.#refuse(values.at(-1));
    else if (name === '_result' && id === calls.connect) this.#createStream();
    else if (name === '_result' && id === calls.createStream) this.#publish(values.at(-1));
    else if (name === 'onStatus') this.#status(values.at(-1));
    else if (name === 'close') this.#refuse(undefined);
  }

  #createStream(): void {
    this.#control(messageType.setChunkSize, chunkSize);
    this.#chunkSize = chunkSize;
    // Some servers want to hear these two, and none minds them.
    this.#call('releaseStream', 2, null, this.#target.key);
    this.#call('FCPublish', 3, null, this.#target.key);
    this.#call('createStream', calls.createStream, null);
  }

  #publish(stream: Amf0): void {
    this.#stream = typeof stream === 'number' ? stream : 1;
    this.#call('publish', 5, null, this.#target.key, 'live');
  }

  #status(information: Amf0): void {
    const { level, code } = fieldsOf(information);
    if (code === 'NetStream.Publish.Start') this.#events.live();
    else if (level === 'error' || code.startsWith('NetStream.Unpublish')) this.#refuse(information);
  }

  #refuse(information: Amf0): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { code, description } = fieldsOf(information);
    // The server's own words may repeat the key.
    const words = [code, description]
      .filter(Boolean)
      .join(': ')
      .replaceAll(this.#target.key || '\0', '…');
    this.#events.refused(words || 'the server has ended the stream');
  }

  #call(name: string, ...values: Amf0[]): void {
    const stream = name === 'publish' ? this.#stream : 0;
    this.#send({ type: messageType.command, stream, timestamp: 0, body: encodeAmf0(name, ...values) });
  }

  #control(type: number, value: number): void {
    const body = Buffer.alloc(4);
    body.writeUInt32BE(value);
    this.#send({ type, stream: 0, timestamp: 0, body });
  }

  #send(message: RtmpMessage): void {
    this.#events.send(chunked(message, this.#chunkSize));
  }
}

function fieldsOf(information: Amf0): { level: string; code: string; description: string } {
  const of = (key: string): string => {
    const value: unknown =
      typeof information === 'object' && information !== null ? Reflect.get(information, key) : undefined;
    return typeof value === 'string' ? value : '';
  };
  return { level: of('level'), code: of('code'), description: of('description') };
}
