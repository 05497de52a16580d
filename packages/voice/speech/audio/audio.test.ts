import { describe, expect, it } from 'vitest';
import { resampler } from './resample.ts';
import { silenceTrimmer } from './trim-silence.ts';
import { wavHead } from './wav.ts';

describe('samples at another rate', () => {
  it('are the same in pieces as at once', () => {
    const tone = Int16Array.from({ length: 2205 }, (_, index) => Math.round(9000 * Math.sin(index / 7)));
    const once = resampler({ from: 22_050, to: 24_000 })(tone);
    const inPieces = resampler({ from: 22_050, to: 24_000 });
    const pieces = [tone.subarray(0, 500), tone.subarray(500, 501), tone.subarray(501)].map(inPieces);
    const joined = pieces.flatMap((piece) => [...piece]);
    expect(joined).toHaveLength(once.length);
    // Places between samples are added up, so the last digit may round the other way.
    const apart = joined.map((sample, index) => Math.abs(sample - (once[index] ?? 0)));
    expect(Math.max(...apart)).toBeLessThanOrEqual(1);
    expect(once.length).toBeCloseTo(2400, -1);
  });

  it('are untouched at the same rate', () => {
    const samples = Int16Array.of(1, 2, 3);
    expect(resampler({ from: 16_000, to: 16_000 })(samples)).toBe(samples);
  });
});

describe('silence before a voice', () => {
  it('is left out, but for the 5 ms before the first sound', () => {
    const trim = silenceTrimmer(1000);
    expect(trim(new Int16Array(100))).toHaveLength(0);
    expect(trim(Int16Array.of(0, 0, 0, 0, 0, 0, 0, 9000, 0))).toEqual(Int16Array.of(0, 0, 0, 0, 0, 9000, 0));
    expect(trim(Int16Array.of(0, 0))).toEqual(Int16Array.of(0, 0));
  });
});

it('writes the head of a WAV file whose length is not known yet', () => {
  const head = wavHead(22_050);
  expect(head.toString('latin1', 0, 4) + head.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ');
  expect([head.readUInt32LE(24), head.readUInt16LE(34), head.readUInt32LE(40)]).toEqual([
    22_050, 16, 0xffff_ffff,
  ]);
});
