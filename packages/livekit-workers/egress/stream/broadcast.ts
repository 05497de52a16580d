import type { StreamNews, StreamOrder } from '../recording.ts';
import { FlvReader, type FlvTag, isPreamble } from './flv-reader.ts';
import { type Push, startPush } from './push.ts';
import { Tail } from './tail.ts';
import { parseTarget } from './target.ts';

/** One stream to any number of receivers, each of which can come, go and fail by itself. */
export class Broadcast {
  #told: (news: StreamNews) => void;
  #reader = new FlvReader();
  #preamble = new Map<number, FlvTag>();
  /** Those that have to wait for the stream to begin. */
  #waiting = new Map<string, StreamOrder>();
  #pushes = new Map<string, Push>();
  #has: { video: boolean } | undefined;

  constructor(told: (news: StreamNews) => void) {
    this.#told = told;
  }

  begin(has: { video: boolean }): void {
    this.#has = has;
    for (const order of this.#waiting.values()) this.add(order);
    this.#waiting.clear();
  }

  add(order: StreamOrder): void {
    const { id, url } = order;
    if (!this.#has) {
      this.#waiting.set(id, order);
      return;
    }
    const push = startPush({
      target: parseTarget(url),
      tail: new Tail({ video: this.#has.video, preamble: [...this.#preamble.values()] }),
      events: {
        live: () => this.#told({ kind: 'live', id }),
        retrying: () => this.#told({ kind: 'retrying', id }),
        failed: (reason) => {
          this.#pushes.delete(id);
          this.#told({ kind: 'lost', id, reason });
        },
      },
    });
    this.#pushes.set(id, push);
  }

  async remove(id: string): Promise<void> {
    this.#waiting.delete(id);
    const push = this.#pushes.get(id);
    this.#pushes.delete(id);
    await push?.end();
  }

  /** @param bytes of the encoder's FLV */
  read(bytes: Buffer): void {
    for (const tag of this.#reader.read(bytes)) {
      if (isPreamble(tag)) this.#preamble.set(tag.type, tag);
      for (const push of this.#pushes.values()) push.media(tag);
    }
  }

  async end(): Promise<void> {
    await Promise.all([...this.#pushes.keys()].map((id) => this.remove(id)));
  }
}
