/** Jitter of the network and of this machine delays blocks, so that the earliest tell where they belong. Seconds. */
const window = 0.5;
/** All blocks of a window come later than this: sound was lost, and what follows belongs later. Seconds. */
const lateness = 0.02;
/** A block cannot be earlier than its sound; less than this is the timers'. Seconds. */
const earliness = 0.005;
/** Without a block for so long somebody was silent or away. Seconds. */
const pause = 0.5;

/** Where the blocks of one speaker belong, whose own clock is the number of samples. Positions and lengths in samples. */
export class VoiceClock {
  #rate: number;
  /** Where the next block belongs. */
  #next: number | undefined;
  /** How late the latest blocks were, and when they came, in seconds. */
  #seen: { at: number; late: number }[] = [];

  constructor(rate: number) {
    this.#rate = rate;
  }

  /** @param arrivedAt seconds @returns the position of the block's first sample */
  place(count: number, arrivedAt: number): number {
    const position = this.#position(Math.round(arrivedAt * this.#rate) - count, arrivedAt);
    this.#next = position + count;
    return position;
  }

  #position(arrived: number, arrivedAt: number): number {
    const next = this.#next;
    const last = this.#seen.at(-1)?.at;
    if (next === undefined || last === undefined || arrivedAt - last > pause) {
      this.#seen = [{ at: arrivedAt, late: 0 }];
      return arrived;
    }
    const late = (arrived - next) / this.#rate;
    const place = (): number => {
      this.#seen = [{ at: arrivedAt, late: 0 }];
      return arrived;
    };
    if (late < -earliness) return place();
    this.#seen = this.#seen.filter(({ at }) => arrivedAt - at <= window);
    this.#seen.push({ at: arrivedAt, late });
    const [first] = this.#seen;
    const isFull = first !== undefined && arrivedAt - first.at > window * 0.8;
    const least = Math.min(...this.#seen.map((each) => each.late));
    if (!isFull || least < lateness) return next;
    this.#seen = [{ at: arrivedAt, late: late - least }];
    return next + Math.round(least * this.#rate);
  }
}
