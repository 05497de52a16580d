/**
 * Puts pictures that arrive when they like into slots of a constant rate, so that index ÷ rate is the clock. The arrival of a
 * picture jitters: one that comes into a slot that is taken has the next one, if that is less than a slot away.
 */
export class FrameSlots<T> {
  #rate: number;
  #waiting: { slot: number; picture: T }[] = [];
  #last = -1;
  #shown: T | undefined;
  #skipped = 0;

  /** @param rate slots a second */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /** Pictures that found no slot. */
  get skipped(): number {
    return this.#skipped;
  }

  /** @param seconds since the recording began */
  push(picture: T, seconds: number): void {
    const exact = seconds * this.#rate;
    let slot = Math.max(0, Math.round(exact));
    if (slot <= this.#last) slot = this.#last + 1;
    if (slot - exact > 1.25) {
      this.#skipped += 1;
      return;
    }
    this.#last = slot;
    this.#waiting.push({ slot, picture });
  }

  /**
   * Slots are asked for in order.
   *
   * @returns what is to be seen in a slot: where nothing new came what was seen before, and before the first picture that one
   */
  at(slot: number): T | undefined {
    while (this.#waiting[0] && this.#waiting[0].slot <= slot) this.#shown = this.#waiting.shift()?.picture;
    return this.#shown ?? this.#waiting[0]?.picture;
  }
}
