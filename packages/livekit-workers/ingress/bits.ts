/** Bits of a message, the highest of each byte first, as the decoders' configurations have them. */
export type Bits = {
  /** At most 32 at once. */
  take: (count: number) => number;
  /** A number in Exp-Golomb code (H.264, 9.1). */
  unsigned: () => number;
  signed: () => number;
};

/** @throws RangeError when there are no more, or a number is longer than any can be; from its calls */
export function bitsOf(bytes: Uint8Array): Bits {
  let at = 0;
  const take: Bits['take'] = (count) => {
    if (at + count > bytes.length * 8) throw new RangeError('the bits end too early');
    let value = 0;
    for (const end = at + count; at < end; at += 1)
      value = value * 2 + (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1);
    return value;
  };
  const unsigned: Bits['unsigned'] = () => {
    let zeros = 0;
    while (take(1) === 0) zeros += 1;
    if (zeros > 31) throw new RangeError('a number is too long');
    return 2 ** zeros - 1 + take(zeros);
  };
  return {
    take,
    unsigned,
    signed: () => {
      const value = unsigned();
      return value % 2 === 1 ? (value + 1) / 2 : -value / 2;
    },
  };
}
