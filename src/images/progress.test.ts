import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { formatBytes } from '../core/bytes.ts';
import type { ArcEvent } from '../core/event.ts';
import { startProgress } from './progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('shows a sign of life every second, with what is being done, until the work ends', () => {
  const events: ArcEvent[] = [];
  const emit = (event: ArcEvent) => events.push(event);
  const progress = startProgress({ emit, id: 'x', subject: 'realtime', action: 'build base' });
  progress.update('compiling a');
  progress.update('compiling b');
  vi.advanceTimersByTime(2000);
  progress.update('linking');
  progress.done('in the cache');
  vi.advanceTimersByTime(5000);
  expect(events.map((event) => (event.type === 'task' ? [event.state, event.detail] : event))).toEqual([
    ['running', undefined],
    ['running', 'compiling b'],
    ['running', 'compiling b'],
    ['done', 'in the cache'],
  ]);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1 kB'],
  [53_300_000, '53.3 MB'],
  [179_553_792, '180 MB'],
  [1_234_567_890, '1.23 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
