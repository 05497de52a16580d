import { describe, expect, it } from 'vitest';
import { regaining } from './regaining.ts';

const lost = { failed: 'The connection to the room was lost.', lost: true };
const refused = { failed: 'engine: signal failure' };

describe('a stream that has lost its room', () => {
  it('comes again, and again where the server is not there yet', () => {
    let now = 0;
    const regain = regaining(() => now);
    expect(regain.isWorthwhile(lost)).toBe(true);
    now = 59_000;
    expect(regain.isWorthwhile(refused)).toBe(true);
  });

  it('fails after a minute', () => {
    let now = 0;
    const regain = regaining(() => now);
    expect(regain.isWorthwhile(lost)).toBe(true);
    now = 60_000;
    expect(regain.isWorthwhile(refused)).toBe(false);
    expect(regain.isWorthwhile(lost)).toBe(false);
  });

  it('has a minute again once it was back', () => {
    let now = 0;
    const regain = regaining(() => now);
    regain.isWorthwhile(lost);
    now = 50_000;
    regain.succeeded();
    now = 100_000;
    expect(regain.isWorthwhile(lost)).toBe(true);
  });
});

describe('a stream that has lost nothing', () => {
  it('fails where its process fails', () => {
    expect(regaining().isWorthwhile(refused)).toBe(false);
  });

  it('is over where it is over', () => {
    expect(regaining().isWorthwhile({})).toBe(false);
  });
});
