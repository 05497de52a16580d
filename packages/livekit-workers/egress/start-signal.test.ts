import { describe, expect, it } from 'vitest';
import type { Published } from './selection.ts';
import { isStartSignal } from './start-signal.ts';

const begins = (since: number, ...kinds: Published['kind'][]) =>
  isStartSignal({ published: kinds.map((kind) => ({ kind })), since });

describe('the recording of a room in which all are silent', () => {
  it('does not begin as long as nobody publishes', () => {
    expect(begins(3_600_000)).toBe(false);
  });
  it('begins soon where there is only sound', () => {
    expect([begins(400, 'audio'), begins(600, 'audio')]).toEqual([false, true]);
  });
  it('begins later where pictures may still come', () => {
    expect([begins(600, 'audio', 'video'), begins(5_100, 'audio', 'video')]).toEqual([false, true]);
  });
});
