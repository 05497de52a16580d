import { type Amf0, type Amf0Object, decodeAmf0, encodeAmf0 } from '../../rtmp/amf0.ts';
import { ChunkReader, chunked, messageLimits } from '../../rtmp/chunks.ts';
import { RtmpError } from '../../rtmp/error.ts';
import { messageType, type RtmpMessage } from '../../rtmp/message.ts';
import { Handshake } from './handshake.ts';

/** What is asked for: `rtmp://host/<app>/<key>`. */
export type PublishRequest = { app: string; key: string };
/** A part of the stream, as it is kept in an FLV file. */
export type MediaMessage = { kind: 'audio' | 'video' | 'metadata'; timestamp: number; body: Buffer };

export type SessionEvents = {
  send: (bytes: Buffer) => void;
  /** Whether the stream may come. To be answered with `accept` or `refuse`. */
  publish: (request: PublishRequest) => void;
  media: (message: MediaMessage) => void;
  /** The encoder has said that this was all. */
  end: () => void;
};

/** Bytes that each side lets the other send until it wants to hear that they came. */
const windowBytes = 2_500_000;
/** What a connection begins with; what this side sends is small. */
const sentChunkSize = 128;
/** The one stream of a connection. */
const mediaStream = 1;

/**
 * The server's side of one RTMP connection, from its first byte: bytes in, bytes and events out. It knows no socket and no clock.
 */
export class RtmpSession {
  #events: SessionEvents;
  #handshake: Handshake | undefined = new Handshake();
  #chunks = new ChunkReader();
  #state: 'fresh' | 'connected' | 'asking' | 'live' | 'over' = 'fresh';
  #app = '';
  #received = 0;
  #acknowledged = 0;
  #theirWindow = windowBytes;

  constructor(events: SessionEvents) {
    this.#events = events;
  }

  /** @throws RtmpError when it cannot go on */
  read(bytes: Buffer): void {
    let rest = bytes;
    this.#received += bytes.length;
    if (this.#handshake) {
      const { send, rest: behind } = this.#handshake.read(bytes);
      if (send) this.#events.send(send);
      if (!behind) return;
      this.#handshake = undefined;
      rest = behind;
    }
    for (const message of this.#chunks.read(rest)) {
      if (this.#state === 'over') return;
      this.#handle(message);
    }
    if (this.#received - this.#acknowledged >= this.#theirWindow / 2) {
      this.#acknowledged = this.#received;
      this.#control(messageType.acknowledgement, this.#received >>> 0);
    }
  }

  accept(): void {
    this.#state = 'live';
    this.#chunks.limit = messageLimits.media;
    this.#status('status', 'NetStream.Publish.Start', 'The stream is being taken in.');
  }

  /** @param reason for people, without anything secret in it */
  refuse(reason: string): void {
    this.#state = 'over';
    this.#status('error', 'NetStream.Publish.BadName', reason);
  }

  /** To an encoder whose stream is ended from this side. */
  unpublish(reason: string): void {
    if (this.#state === 'live') this.#status('status', 'NetStream.Unpublish.Success', reason);
    this.#state = 'over';
  }

  #handle(message: RtmpMessage): void {
    const { type, body, timestamp } = message;
    switch (type) {
      case messageType.windowSize:
        if (body.length >= 4) this.#theirWindow = Math.max(body.readUInt32BE(), 4096);
        return;
      case messageType.command:
        this.#command(decodeAmf0(body));
        return;
      case messageType.commandAmf3:
        // The first byte says that the rest is AMF0 after all.
        this.#command(decodeAmf0(body.subarray(1)));
        return;
      case messageType.audio:
        this.#media({ kind: 'audio', timestamp, body });
        return;
      case messageType.video:
        this.#media({ kind: 'video', timestamp, body });
        return;
      case messageType.data:
        this.#media({ kind: 'metadata', timestamp, body });
        return;
    }
  }

  #media(message: MediaMessage): void {
    if (this.#state !== 'live') throw new RtmpError('media before a stream was accepted');
    if (message.body.length > 0) this.#events.media(message);
  }

  #command([name, transaction, ...values]: Amf0[]): void {
    const id = typeof transaction === 'number' ? transaction : 0;
    switch (name) {
      case 'connect':
        this.#connect(id, values[0]);
        return;
      case 'releaseStream':
      case 'FCPublish':
        this.#reply('_result', id, null, undefined);
        return;
      case 'createStream':
        this.#reply('_result', id, null, mediaStream);
        return;
      case 'publish':
        this.#publish(values[1]);
        return;
      case 'FCUnpublish':
      case 'deleteStream':
      case 'closeStream':
        if (this.#state === 'live') {
          this.#state = 'over';
          this.#events.end();
        }
        return;
      case 'play':
        this.#state = 'over';
        this.#status('error', 'NetStream.Play.StreamNotFound', 'Streams are only taken in here.');
        return;
      default:
        // Without an id nobody waits for an answer.
        if (id > 0)
          this.#reply('_error', id, null, information('error', 'NetConnection.Call.Failed', 'unknown'));
    }
  }

  #connect(id: number, options: Amf0): void {
    if (this.#state !== 'fresh') throw new RtmpError('a second connect');
    const app = isObject(options) ? options.app : undefined;
    this.#app = typeof app === 'string' ? app.replace(/^\/+|[/?].*$/g, '') : '';
    this.#state = 'connected';
    this.#control(messageType.windowSize, windowBytes);
    this.#control(messageType.peerBandwidth, windowBytes, 2);
    const success = information('status', 'NetConnection.Connect.Success', 'Connected.');
    this.#reply(
      '_result',
      id,
      { fmsVer: 'FMS/3,0,1,123', capabilities: 31 },
      { ...success, objectEncoding: 0 },
    );
  }

  #publish(name: Amf0): void {
    if (this.#state !== 'connected') throw new RtmpError('a publish before a connect, or a second one');
    // Some encoders add a query.
    const key = typeof name === 'string' ? name.replace(/\?.*$/s, '') : '';
    this.#state = 'asking';
    this.#events.publish({ app: this.#app, key });
  }

  #status(level: 'status' | 'error', code: string, description: string): void {
    const body = encodeAmf0('onStatus', 0, null, information(level, code, description));
    this.#send({ type: messageType.command, stream: mediaStream, timestamp: 0, body });
  }

  #reply(name: '_result' | '_error', id: number, ...values: Amf0[]): void {
    this.#send({ type: messageType.command, stream: 0, timestamp: 0, body: encodeAmf0(name, id, ...values) });
  }

  #control(type: number, value: number, ...more: number[]): void {
    const body = Buffer.alloc(4);
    body.writeUInt32BE(value);
    this.#send({ type, stream: 0, timestamp: 0, body: Buffer.concat([body, Buffer.from(more)]) });
  }

  #send(message: RtmpMessage): void {
    this.#events.send(chunked(message, sentChunkSize));
  }
}

const information = (level: string, code: string, description: string): Amf0Object => ({
  level,
  code,
  description,
});

const isObject = (value: Amf0): value is Amf0Object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
