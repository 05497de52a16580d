/** Wall-clock time as psrpc has it: nanoseconds since 1970. */
export type Nanoseconds = bigint;

export const nanoseconds = (milliseconds: number): Nanoseconds =>
  BigInt(Math.round(milliseconds)) * 1_000_000n;

export const now = (): Nanoseconds => nanoseconds(Date.now());
