/** Who is the loudest for less time than this changes nothing: a cough. Seconds. */
const speaksAfter = 1;

/** The order of participants: who speaks comes first, and the others stay in the order in which they were. */
export class SpeakerOrder {
  #order: string[] = [];
  #loudest: string | undefined;
  #since = 0;

  /** @param loudest who is, if anybody @param seconds any clock */
  heard(loudest: string | undefined, seconds: number): void {
    this.#settle(seconds);
    if (loudest === this.#loudest) return;
    this.#loudest = loudest;
    this.#since = seconds;
  }

  /** @returns the same identities in order; who is new comes last */
  sorted(identities: readonly string[], seconds: number): readonly string[] {
    this.#settle(seconds);
    const there = new Set(identities);
    const known = this.#order.filter((identity) => there.has(identity));
    const fresh = identities.filter((identity) => !known.includes(identity));
    this.#order = [...known, ...new Set(fresh)];
    return this.#order;
  }

  #settle(seconds: number): void {
    const speaker = this.#loudest;
    if (speaker === undefined || seconds - this.#since < speaksAfter) return;
    if (this.#order[0] === speaker || !this.#order.includes(speaker)) return;
    this.#order = [speaker, ...this.#order.filter((identity) => identity !== speaker)];
  }
}
