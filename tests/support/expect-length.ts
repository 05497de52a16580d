import type { EgressInfo } from '@livekit/protocol';
import { expect } from 'vitest';
import type { Recorded } from './recorded.ts';

/** Seconds by which a file and the API may differ about its length. */
const tolerance = 0.3;

/** Holds the length of a file against what the API says of it. */
export function expectLength({ seconds }: Pick<Recorded, 'seconds'>, info: EgressInfo): void {
  expect(Math.abs(seconds - Number(info.fileResults[0]?.duration) / 1e9)).toBeLessThan(tolerance);
}
