import { setTimeout as sleep } from 'node:timers/promises';
import { LipSync } from './lip-sync.ts';
import type {
  Container,
  Encoding,
  Failure,
  FromRecorder,
  Recording,
  SourceFacts,
  StreamOrder,
} from './recording.ts';
import { joinAndSubscribe, type RoomTracks } from './room-tracks.ts';
import { noteSegment } from './segment-list.ts';
import type { Published } from './selection.ts';
import { isSourceGone } from './source-end.ts';
import { missingIn } from './source-missing.ts';
import { onStartSignal } from './start-signal.ts';
import { Broadcast } from './stream/broadcast.ts';
import { startTape, type Tape } from './tape.ts';
import { gridView, singleView } from './view.ts';

/** Until the room must be joined, and what is to be recorded be there and send something. Milliseconds; upstream's `subscriptionTimeout`. */
const sourceLimit = 30_000;
/** From the first track that sends something until the recording begins without others that are there. Milliseconds. */
const companionLimit = 2_000;
/** How long joining may still take once it is for nothing. Milliseconds. */
const joinPatience = 2_000;

type Outcome = { end: 'stopped' | 'source-closed'; failure?: Failure };

/** One recording, from joining the room to the closed file. */
export class Recorder {
  #recording: Recording;
  #tell: (message: FromRecorder) => Promise<void>;
  #over = Promise.withResolvers<Outcome>();
  #begun = Promise.withResolvers<void>();
  #room: RoomTracks | undefined;
  #tape: Tape | undefined;
  #lipSync = new LipSync();
  #voices = new Map<string, (samples: Int16Array) => void>();
  #streams: Broadcast;
  /** Tracks that have begun to send. */
  #sending = new Map<string, Published & { mimeType: string; width: number; height: number }>();
  #firstAt: number | undefined;
  /** It ended before it began. */
  #isOver = false;
  #subscribed = new Map<string, Published & { mimeType: string; width: number; height: number }>();

  constructor(options: { recording: Recording; tell: (message: FromRecorder) => Promise<void> }) {
    this.#recording = options.recording;
    this.#tell = options.tell;
    this.#streams = new Broadcast((news) => void this.#tell({ kind: 'stream', news }));
    this.addStreams(this.#recording.streams ?? []);
  }

  /** Receivers may be added at any time; those of the beginning come with the recording. */
  addStreams(orders: readonly StreamOrder[]): void {
    for (const order of orders) this.#streams.add(order);
  }

  removeStreams(ids: readonly string[]): void {
    for (const id of ids) void this.#streams.remove(id);
  }

  /** Ends in order, whenever it comes. */
  stop(): void {
    this.#over.resolve({ end: 'stopped' });
  }

  /** @throws when the room cannot be joined, or the encoder not be started */
  async run(): Promise<void> {
    const { wsUrl, token, source, audio, video } = this.#recording;
    const joining = joinAndSubscribe({
      wsUrl,
      token,
      source,
      audio,
      video,
      events: {
        began: (track) => this.#subscribed.set(track.sid, track),
        ended: (track) => {
          this.#subscribed.delete(track.sid);
          this.#sending.delete(track.sid);
          this.#voices.delete(track.sid);
          this.#tape?.dark(track.sid);
        },
        muted: (track) => this.#tape?.dark(track.sid),
        picture: (track, picture, at) => {
          if (!this.#isRecording(track)) return;
          const later = this.#lipSync.shift(at / 1_000) * 1_000;
          this.#tape?.picture(track, picture, at + later);
        },
        delayed: (delays) => this.#lipSync.delayed(delays),
        sound: (track, samples) => {
          if (!this.#isRecording(track) || !this.#tape) return;
          const voice = this.#voices.get(track.sid) ?? this.#tape.voice();
          this.#voices.set(track.sid, voice);
          voice(samples);
        },
        speakers: (identities) => this.#tape?.speakers(identities),
        changed: () => this.#endWithoutSource(),
        closed: (why) =>
          this.#over.resolve(
            why === 'over'
              ? { end: 'source-closed' }
              : {
                  end: 'source-closed',
                  failure: {
                    code: 'unavailable',
                    reason: 'recording ended early: connection to room failed',
                  },
                },
          ),
      },
    });
    const early = await this.#untilBegun(joining);
    const tape = this.#tape;
    if (!tape) {
      this.#isOver = true;
      await this.#room?.leave();
      if (early?.failure) await this.#tell({ kind: 'failed', failure: early.failure });
      else await this.#tell({ kind: 'finished', seconds: 0, frozen: 0, end: early?.end ?? 'stopped' });
      return;
    }
    const broken = tape.broken.catch(
      (cause): Outcome => ({
        end: 'stopped',
        failure: {
          code: String(cause).includes('No space left') ? 'resource_exhausted' : 'internal',
          reason: cause instanceof Error ? cause.message : String(cause),
        },
      }),
    );
    const outcome = await Promise.race([this.#over.promise, broken]);
    const ended = await tape.end();
    await this.#streams.end();
    // An encoder may also fail at the very end.
    const late = await Promise.race([broken, Promise.resolve(outcome)]);
    await this.#room?.leave();
    const failure = outcome.failure ?? late.failure;
    await this.#tell({ kind: 'finished', ...ended, end: outcome.end, ...(failure ? { failure } : {}) });
  }

  /** @returns why it is over before it has begun, if it is */
  async #untilBegun(joining: Promise<RoomTracks>): Promise<Outcome | undefined> {
    // Where a room ends in the moment in which it is joined, the library says nothing for 15 s.
    const failure = { code: 'unavailable', reason: 'could not connect to the room' } as const;
    const late = setTimeout(() => this.#over.resolve({ end: 'source-closed', failure }), sourceLimit);
    const joined = await Promise.race([joining, this.#over.promise]);
    clearTimeout(late);
    if ('end' in joined) {
      // Who has only half joined would stay in the room for a while.
      this.#room = await Promise.race([joining.catch(() => undefined), sleep(joinPatience, undefined)]);
      return joined;
    }
    this.#room = joined;
    const giveUp = this.#waitForSource(joined);
    const early = await Promise.race([this.#begun.promise, this.#over.promise]);
    giveUp();
    return early ?? undefined;
  }

  /** What becomes of a recording to which nothing comes. @returns ends the waiting */
  #waitForSource(room: RoomTracks): () => void {
    const { source, video } = this.#recording;
    if (source.kind !== 'room') {
      const give = (): void => this.#over.resolve({ end: 'source-closed', failure: this.#missing() });
      const waited = setTimeout(give, sourceLimit);
      return () => clearTimeout(waited);
    }
    if (!video) {
      // Upstream's does not wait for the first voice, but for the first picture.
      const silent = setTimeout(() => this.#begin(), companionLimit);
      return () => clearTimeout(silent);
    }
    return onStartSignal(room, () => this.#begin());
  }

  /** Whether what comes is part of the recording; the first of it begins the recording. */
  #isRecording(track: Published): boolean {
    if (this.#tape) return true;
    const known = this.#subscribed.get(track.sid);
    if (known) this.#sending.set(track.sid, known);
    if (!this.#room || missingIn(this.#recording.source, this.#room)) return false;
    this.#firstAt ??= performance.now();
    const all = this.#room.wanted().every(({ sid }) => this.#sending.has(sid));
    if (all || performance.now() - this.#firstAt > companionLimit) this.#begin();
    return this.#tape !== undefined;
  }

  #begin(): void {
    if (this.#tape || this.#isOver) return;
    const { folder, source, segmentSeconds, streams } = this.#recording;
    const { container, encoding, audio, video } = this.#format();
    this.#tape = startTape({
      view: video ? (source.kind === 'room' ? gridView(encoding) : singleView(encoding)) : undefined,
      ...{ audio, encoding, folder },
      outputs: [
        ...(container ? [{ kind: 'file', container } as const] : []),
        ...(segmentSeconds ? [{ kind: 'segments', seconds: segmentSeconds } as const] : []),
        ...(streams ? [{ kind: 'stream' } as const] : []),
      ],
      segment: (segment) => {
        // First of all, for the worker may be gone.
        noteSegment(folder, segment);
        void this.#tell({ kind: 'segment', segment });
      },
      stream: (bytes) => this.#streams.read(bytes),
    });
    this.#streams.begin({ video });
    void this.#tell({ kind: 'active', ...(container ? { container } : {}), facts: this.#facts() });
    this.#begun.resolve();
  }

  /** A track alone is recorded as what it is: Opus as Ogg, VP8 and its kin as WebM, H.264 as MP4, in its own size. */
  #format(): { container?: Container; encoding: Encoding; audio: boolean; video: boolean } {
    const { container, encoding, audio, video } = this.#recording;
    if (container !== 'of-the-track') return { ...(container ? { container } : {}), encoding, audio, video };
    const [track] = this.#sending.values();
    if (track?.kind !== 'video')
      return { container: 'ogg', encoding: { ...encoding, audioCodec: 'opus' }, audio: true, video: false };
    const { width, height, mimeType } = track;
    const size = width > 8 && height > 8 ? { width: width & ~1, height: height & ~1 } : {};
    const isH264 = mimeType.toLowerCase() === 'video/h264';
    return {
      container: isH264 ? 'mp4' : 'webm',
      encoding: { ...encoding, ...size, videoCodec: isH264 ? 'h264' : 'vp8' },
      audio: false,
      video: true,
    };
  }

  #facts(): SourceFacts {
    const { source } = this.#recording;
    const [track] = this.#sending.values();
    const none = { publisherIdentity: '', trackId: '', trackType: '', trackSource: '' };
    switch (source.kind) {
      case 'room':
        return none;
      case 'participant':
        return { ...none, publisherIdentity: source.identity };
      case 'tracks':
      case 'media':
        return { ...none, publisherIdentity: track?.identity ?? '' };
      case 'track':
        return {
          publisherIdentity: track?.identity ?? '',
          trackId: source.trackId,
          trackType: track?.kind ?? '',
          trackSource: track?.from ?? '',
        };
    }
  }

  /** Once it runs, a recording ends with what it records; before, it waits for it. */
  #endWithoutSource(): void {
    const { source } = this.#recording;
    if (!this.#tape || !this.#room) return;
    const isGone = isSourceGone(source, this.#room);
    if (isGone) this.#over.resolve({ end: 'source-closed' });
  }

  /** In upstream's words. */
  #missing(): Failure {
    const missing = this.#room && missingIn(this.#recording.source, this.#room);
    if (missing) return { code: 'not_found', reason: missing };
    return { code: 'unavailable', reason: 'failed to subscribe to track' };
  }
}
