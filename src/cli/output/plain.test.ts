import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import type { ArcEvent } from '../../core/event.ts';
import { plainRenderer } from './plain.ts';

function show(...events: ArcEvent[]): { out: string; err: string } {
  return showOn(() => Number.POSITIVE_INFINITY, ...events);
}

function showOn(columns: () => number, ...events: ArcEvent[]): { out: string; err: string } {
  const shown = { out: '', err: '' };
  const renderer = plainRenderer({
    streams: { out: (text) => (shown.out += text), err: (text) => (shown.err += text), columns },
    chalk: new Chalk({ level: 0 }),
  });
  for (const event of events) renderer.emit(event);
  return shown;
}

function task(
  state: 'waiting' | 'running' | 'done' | 'failed',
  more: { detail?: string; milliseconds?: number } = {},
): ArcEvent {
  return {
    type: 'task',
    id: 'a',
    subject: 'cache',
    action: state === 'done' ? 'started' : 'start',
    state,
    ...more,
  };
}

describe('plainRenderer', () => {
  it('prints one line an event on standard error', () => {
    const { out, err } = show(task('running'), task('done', { milliseconds: 420 }));
    expect(err).toBe('… cache start\n✓ cache started (0.42s)\n');
    expect(out).toBe('');
  });

  it('breaks no word at the edge of a terminal', () => {
    const { err } = showOn(() => 30, task('running', { detail: 'asked for the third time, and answers' }), {
      type: 'warning',
      problem: { code: 'some-code', message: 'It is as it has been for a long time.' },
    });
    expect(err).toBe(`\
… cache start: asked for the
  third time, and answers
warning[some-code]
  It is as it has been for a
  long time.
`);
  });

  it('says nothing of what is only announced', () => {
    expect(show(task('waiting')).err).toBe('');
  });

  it('does not repeat a line every second, only when it says something new', () => {
    const { err } = show(
      task('running', { detail: 'compiling', milliseconds: 1000 }),
      task('running', { detail: 'compiling', milliseconds: 2000 }),
      task('running', { detail: 'linking', milliseconds: 3000 }),
    );
    expect(err).toBe('… cache start: compiling (1.00s)\n… cache start: linking (3.00s)\n');
  });

  it('says after a while that it still goes on', () => {
    const { err } = show(
      task('running', { detail: 'compiling', milliseconds: 1000 }),
      task('running', { detail: 'compiling', milliseconds: 16_000 }),
    );
    expect(err).toBe('… cache start: compiling (1.00s)\n… cache start: compiling (16.0s)\n');
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
