import { Chalk } from 'chalk';
import { describe, expect, it, vi } from 'vitest';
import type { ArcEvent } from '../../core/event.ts';
import { plainRenderer } from './plain.ts';
import { stepEvent } from './steps.fixture.ts';

type Timed = { at: number; event: ArcEvent };

function show(...events: ArcEvent[]): { out: string; err: string } {
  return showOn(() => Number.POSITIVE_INFINITY, ...events.map((event) => ({ at: 0, event })));
}

function showOn(columns: () => number, ...events: Timed[]): { out: string; err: string } {
  const shown = { out: '', err: '' };
  let now = 0;
  const renderer = plainRenderer({
    streams: { out: (text) => (shown.out += text), err: (text) => (shown.err += text), columns },
    chalk: new Chalk({ level: 0 }),
    now: () => now,
  });
  for (const { at, event } of events) {
    now = at;
    renderer.emit(event);
  }
  void renderer.close();
  return shown;
}

function compiling(output: string): ArcEvent {
  return stepEvent('cache', 'start', 'running', { output });
}

describe('plainRenderer', () => {
  it('prints one line an event on standard error', () => {
    const { out, err } = show(
      stepEvent('cache', 'start', 'running'),
      stepEvent('cache', 'start', 'done', { milliseconds: 420 }),
    );
    expect(err).toBe('… cache starting\n✓ cache started (0.42s)\n');
    expect(out).toBe('');
  });

  it('breaks no word at the edge of a terminal', () => {
    const problem = { code: 'some-code', message: 'It is as it has been for a long time.' };
    const { err } = showOn(
      () => 30,
      { at: 0, event: compiling('asked for the third time, and answers') },
      { at: 0, event: { type: 'warning', problem } },
    );
    expect(err).toBe(`\
… cache starting: asked for
  the third time, and answers
warning[some-code]
  It is as it has been for a
  long time.
`);
  });

  it('says nothing of what is only announced', () => {
    expect(show(stepEvent('cache', 'start', 'waiting')).err).toBe('');
  });

  it('shows news of a step every five seconds at most, and says nothing twice', () => {
    const { err } = showOn(
      () => Number.POSITIVE_INFINITY,
      { at: 0, event: compiling('compiling') },
      { at: 2000, event: compiling('linking') },
      { at: 5000, event: compiling('linking') },
      { at: 11_000, event: compiling('linking') },
    );
    expect(err).toBe('… cache starting: compiling\n… cache starting: linking (5.00s)\n');
  });

  it('says after a while that a step still goes on, also where no event comes', () => {
    vi.useFakeTimers();
    try {
      let err = '';
      const renderer = plainRenderer({
        streams: { out: () => {}, err: (text) => (err += text), columns: () => 80 },
        chalk: undefined,
        now: Date.now,
      });
      renderer.emit(stepEvent('cache', 'start', 'running'));
      vi.advanceTimersByTime(31_000);
      renderer.emit(stepEvent('cache', 'start', 'done'));
      vi.advanceTimersByTime(31_000);
      expect(err).toBe(
        '… cache starting\n… cache starting (15.0s)\n… cache starting (30.0s)\n✓ cache started (31.0s)\n',
      );
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('leaves parts of a step to the step, unless they fail', () => {
    const part = { parent: 'build:cache', on: 'image/docker.io/x' } as const;
    const { err } = show(
      stepEvent('cache', 'build', 'running'),
      stepEvent('cache', 'pull', 'running', part),
      stepEvent('cache', 'pull', 'failed', { ...part, problem: { code: 'x', message: 'refused' } }),
    );
    expect(err).toBe('… cache building\n✗ cache pull docker.io/x: refused\n');
  });

  it('tells warnings from errors', () => {
    const problem = { code: 'some-code', message: 'It is so.' };
    expect(show({ type: 'warning', problem }).err).toBe('warning[some-code]\n  It is so.\n');
    expect(show({ type: 'error', problem }).err).toBe('error[some-code]\n  It is so.\n');
  });

  it('prints logs on standard output, each line with its container', () => {
    const { out } = show({ type: 'log', container: 'arc-cache', stream: 'stdout', line: 'Ready' });
    expect(out).toBe('arc-cache            | Ready\n');
  });
});
