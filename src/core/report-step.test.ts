import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { failed } from './errors.ts';
import type { ArcEvent } from './event.ts';
import { startStep } from './report-step.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function begin() {
  const events: ArcEvent[] = [];
  const emit = (event: ArcEvent) => events.push(event);
  const step = startStep({ emit, id: 'x', verb: 'build', on: 'base/arc-base/x', role: 'realtime' });
  return { events, step };
}

it('reports news at most once a second, the latest, and nothing once it has ended', () => {
  const { events, step } = begin();
  step.update({ output: 'compiling a' });
  step.update({ output: 'compiling b' });
  vi.advanceTimersByTime(3000);
  step.update({ progress: { done: 1, total: 2, unit: 'steps' } });
  step.done({ bytes: 12 });
  vi.advanceTimersByTime(5000);
  const same = { type: 'step', id: 'x', verb: 'build', on: 'base/arc-base/x', role: 'realtime' };
  expect(events).toEqual([
    { ...same, phase: 'running' },
    { ...same, phase: 'running', output: 'compiling b', milliseconds: 1000 },
    { ...same, phase: 'done', outcome: { bytes: 12 }, milliseconds: 3000 },
  ]);
});

it('reports without delay what comes after a silence', () => {
  const { events, step } = begin();
  vi.advanceTimersByTime(2000);
  step.update({ output: 'linking' });
  vi.advanceTimersByTime(0);
  expect(events.at(-1)).toMatchObject({ output: 'linking', milliseconds: 2000 });
});

it('fails with the problem that was thrown, or with the words of what another program threw', () => {
  const { events, step } = begin();
  const problem = { code: 'missing-tool', message: 'go is missing.' };
  step.failed(failed(problem), 'recipe-step-failed');
  step.failed(new Error('exit status 1'), 'recipe-step-failed');
  expect(events.slice(1)).toMatchObject([
    { phase: 'failed', problem },
    { phase: 'failed', problem: { code: 'recipe-step-failed', message: 'exit status 1' } },
  ]);
});
