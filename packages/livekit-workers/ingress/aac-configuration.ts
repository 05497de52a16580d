import { bitsOf } from './bits.ts';

/** What an encoder has heard. */
export type InputSound = { sampleRate: number; channels: number };

const sampleRates = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
/** By the number of a configuration; with 0, it is described elsewhere. */
const channelCounts = [undefined, 1, 2, 3, 4, 5, 6, 8];
/** Formats that have an extension's rate in front: spectral band replication, and that with parametric stereo. */
const extended = [5, 29];

/**
 * Reads an AudioSpecificConfig (ISO 14496-3, 1.6.2.1).
 *
 * @returns nothing where it does not say, or is none
 */
export function soundIn(configuration: Uint8Array): InputSound | undefined {
  try {
    const { take } = bitsOf(configuration);
    const rate = (): number | undefined => {
      const index = take(4);
      return index === 15 ? take(24) : sampleRates[index];
    };
    const format = take(5);
    const ownRate = rate();
    const channels = channelCounts[take(4)];
    const sampleRate = extended.includes(format) ? rate() : ownRate;
    return sampleRate && channels ? { sampleRate, channels } : undefined;
  } catch {
    return undefined;
  }
}
