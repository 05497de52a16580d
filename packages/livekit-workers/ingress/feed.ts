import type { Writable } from 'node:stream';
import type { InputSound } from './aac-configuration.ts';
import type { InputPicture } from './avc-configuration.ts';
import { contentOf, type Declared, declaredIn, describedIn, flvHeader, flvTag } from './flv.ts';
import type { MediaMessage } from './rtmp/session.ts';

/** Which tracks a stream has, and what is known of them. */
export type Layout = { audio: boolean; video: boolean } & Partial<InputPicture & InputSound>;

/**
 * How much of a stream is looked at until what has not come is taken not to be in it, in milliseconds of its own time.
 */
const layoutKnownAfter = 1_000;

/** Of a stream, so that a reader can begin at once: 8 s of 8 Mbit/s. */
const rememberedBytes = 8 * 1024 * 1024;
/** What a message takes beside its body, at least: otherwise many empty ones would cost nothing. */
const messageOverhead = 256;

/**
 * Finds out what is in a stream, and hands it on as an FLV file from there on. A reader may come later, or again: it gets
 * what the decoders must know, and then the stream from the last picture that stands for itself.
 */
export class Feed {
  /** Messages that begin every file: metadata, and the decoders' configurations. */
  #metadata: MediaMessage | undefined;
  #configurations = new Map<'audio' | 'video', MediaMessage>();
  #declared: Declared = {};
  #firstTimestamp: number | undefined;
  #layout: Layout | undefined;
  #output: Writable | undefined;
  /** From the last picture that stands for itself on; empty where that is too much, or there was none. */
  #sinceKey: MediaMessage[] = [];
  #sinceKeyBytes = 0;
  /** The reader has what it can begin with. */
  #hasBegun = false;
  #events: { layout: (layout: Layout) => void; full: () => void; drained: () => void };

  /** @param events.full the reader is behind: the encoder should be slowed until `drained` */
  constructor(events: { layout: (layout: Layout) => void; full: () => void; drained: () => void }) {
    this.#events = events;
  }

  /** @throws Error what cannot be taken in, in words for the owner of the stream */
  push(message: MediaMessage): void {
    if (message.kind === 'metadata') {
      const declared = declaredIn(message);
      if (!declared) return;
      this.#declared = declared;
      // In a file it stands without the command that set it.
      this.#metadata = { ...message, body: withoutCommand(message.body) };
      return;
    }
    const content = contentOf(message);
    if (typeof content === 'object') throw new Error(`This worker cannot take in ${content.unsupported}.`);
    if (content === 'configuration') this.#configurations.set(message.kind, message);
    if (!this.#layout) this.#discover(message);
    if (content !== 'configuration') this.#remember(message, message.kind === 'video' && content === 'key');
    if (message.kind === 'video' && content === 'key') this.#hasBegun = true;
    if (this.#hasBegun || content === 'configuration') this.#write(message);
  }

  /** @param output takes the place of the one before */
  attach(output: Writable): void {
    if (!this.#layout) throw new Error('the layout is not known yet');
    this.#output = output;
    output.on('drain', this.#events.drained);
    output.write(flvHeader(this.#layout));
    this.#hasBegun = !this.#layout.video || this.#sinceKey.length > 0;
    for (const message of [this.#metadata, ...this.#configurations.values(), ...this.#sinceKey])
      if (message) this.#write(message);
  }

  detach(): void {
    this.#output?.off('drain', this.#events.drained);
    this.#output = undefined;
    this.#events.drained();
  }

  /** A reader may come seconds after a whole picture, and before the next. */
  #remember(message: MediaMessage, isKey: boolean): void {
    if (isKey) {
      this.#sinceKey = [];
      this.#sinceKeyBytes = 0;
    } else if (this.#sinceKey.length === 0) {
      return;
    }
    this.#sinceKeyBytes += message.body.length + messageOverhead;
    if (this.#sinceKeyBytes > rememberedBytes) this.#sinceKey = [];
    else this.#sinceKey.push(message);
  }

  #write(message: MediaMessage): void {
    if (this.#output?.writable && !this.#output.write(flvTag(message))) this.#events.full();
  }

  #discover({ timestamp }: MediaMessage): void {
    this.#firstTimestamp ??= timestamp;
    const audio = this.#configurations.has('audio');
    const video = this.#configurations.has('video');
    const allCame = (audio || this.#declared.audio === false) && (video || this.#declared.video === false);
    const waited = Math.abs(timestamp - this.#firstTimestamp) >= layoutKnownAfter;
    if (!(audio || video) || !(allCame || waited)) return;
    const { audio: _audio, video: _video, ...declared } = this.#declared;
    this.#layout = { audio, video, ...(video ? declared : {}) };
    for (const configuration of this.#configurations.values())
      Object.assign(this.#layout, describedIn(configuration));
    // An encoder knows its rate; what is in the configuration may be no more than the unit of its times.
    const { framesPerSecond } = declared;
    if (video && framesPerSecond) this.#layout.framesPerSecond = framesPerSecond;
    this.#events.layout(this.#layout);
  }
}

/** `@setDataFrame`, a short text of AMF0, stands before what is to be set. */
function withoutCommand(body: Buffer): Buffer {
  const command = Buffer.from('\x02\x00\x0d@setDataFrame', 'latin1');
  return body.subarray(0, command.length).equals(command) ? body.subarray(command.length) : body;
}
