import type { Readable } from 'node:stream';
import { blocksOf } from './blocks.ts';
import type { TrackClock } from './clock.ts';

/** A stream that comes this much too early waits, and with it the encoder. Milliseconds. */
export const longestWait = 500;

/**
 * Reads raw blocks of a constant rate, and sends each at its time. Until `isLive` says so they are read and dropped, so that
 * nothing piles up while the tracks are being published.
 *
 * @param options.interval milliseconds of the stream in one block
 */
export function pace(options: {
  input: Readable;
  size: number;
  interval: number;
  clock: TrackClock;
  isLive: () => boolean;
  /** @param at the time that it is sent at, or should have been */
  send: (block: Buffer, at: number) => void;
}): void {
  const { input, size, interval, clock, isLive, send } = options;
  let index = 0;
  const waiting = new Set<NodeJS.Timeout>();
  const sendLater = (bytes: Buffer, { at, wait }: { at: number; wait: number }): void => {
    const timer = setTimeout(() => {
      waiting.delete(timer);
      send(bytes, at);
    }, wait);
    waiting.add(timer);
  };
  const block = (bytes: Buffer): void => {
    const position = index * interval;
    index += 1;
    if (!isLive()) return;
    const now = performance.now();
    const due = clock(position, now);
    if (due === 'late') return;
    if (due.skipped) {
      for (const timer of waiting) clearTimeout(timer);
      waiting.clear();
    }
    const wait = due.at - now;
    if (wait < 1) send(bytes, due.at);
    else sendLater(bytes, { at: due.at, wait });
    if (wait > longestWait && !input.isPaused()) {
      input.pause();
      setTimeout(() => input.resume(), wait - longestWait / 2);
    }
  };
  input.on('data', blocksOf({ size, block }));
}
