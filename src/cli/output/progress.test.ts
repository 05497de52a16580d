import { describe, expect, it } from 'vitest';
import type { StepEvent } from '../../core/event.ts';
import { linesOf, noProgress, type ProgressState, progress } from './progress.ts';
import { stepEvent as step } from './steps.fixture.ts';

/** Takes in events, the first at 0, each a second after the one before. */
function stateAfter(...events: StepEvent[]): ProgressState {
  return events.reduce((state, event, index) => progress(state, event, index * 1000), noProgress);
}

function told(state: ProgressState, now = 60_000): string[] {
  return linesOf(state, now).map(
    ({ subject, phase, shown, milliseconds }) =>
      `${subject}: ${phase}, ${shown.step.verb} (${milliseconds} ms)`,
  );
}

describe('progress', () => {
  it('has a line a subject, in the order in which they were announced', () => {
    const state = stateAfter(
      step('cache', 'create', 'waiting'),
      step('realtime', 'create', 'waiting'),
      step('cache', 'start', 'waiting'),
      step('cache', 'create', 'running'),
    );
    expect(told(state, 5_000)).toEqual([
      'cache: running, create (2000 ms)',
      'realtime: waiting, create (0 ms)',
    ]);
  });

  it('says what was done last while the next step waits for something else', () => {
    const state = stateAfter(
      step('cache', 'start', 'waiting'),
      step('cache', 'create', 'running'),
      step('cache', 'create', 'done', { milliseconds: 40 }),
    );
    expect(told(state)).toEqual(['cache: between, create (40 ms)']);
  });

  it('counts the time at work, and not the time between', () => {
    const state = stateAfter(
      step('cache', 'create', 'running'),
      step('cache', 'create', 'done', { milliseconds: 40 }),
      step('realtime', 'create', 'running'),
      step('cache', 'await', 'running'),
      step('cache', 'await', 'done', { milliseconds: 60 }),
    );
    expect(told(state)[0]).toBe('cache: done, await (100 ms)');
  });

  it('leaves out that an image is brought, because its pulls and builds tell more', () => {
    const state = stateAfter(
      step('cache', 'create', 'waiting', { id: 'create image/a:1', on: 'image/a:1' }),
      step('cache', 'create', 'running', { id: 'create image/a:1', on: 'image/a:1' }),
      step('cache', 'pull', 'running', { on: 'image/b:1' }),
    );
    expect(told(state, 3_000)).toEqual(['cache: running, pull (1000 ms)']);
  });

  it('calls a pull that failed and a build that came after it a success', () => {
    const state = stateAfter(
      step('cache', 'pull', 'running'),
      step('cache', 'pull', 'failed'),
      step('cache', 'build', 'running'),
      step('cache', 'build', 'done', { milliseconds: 1 }),
    );
    expect(told(state)[0]).toMatch('cache: done, build');
  });

  it('shows what an interruption left undone in place of what was done before', () => {
    const state = stateAfter(
      step('cache', 'stop', 'waiting'),
      step('cache', 'start', 'waiting'),
      step('cache', 'stop', 'running'),
      step('cache', 'stop', 'done'),
      step('cache', 'start', 'skipped'),
    );
    expect(told(state)[0]).toMatch('cache: skipped, start');
  });

  it('shows what was signed, not what was kept as it was', () => {
    const state = stateAfter(
      step('cache', 'build', 'skipped', { kept: true, cause: 'it is there' }),
      step('cache', 'sign', 'running'),
      step('cache', 'sign', 'done'),
    );
    expect(told(state)[0]).toMatch('cache: done, sign');
  });

  it('begins a step anew that is done a second time', () => {
    const state = stateAfter(
      step('cache', 'start', 'running'),
      step('cache', 'start', 'done'),
      step('cache', 'start', 'running'),
    );
    expect(told(state, 2_500)).toEqual(['cache: running, start (500 ms)']);
  });

  it('has parts below what they are part of, as long as they go on or where they have failed', () => {
    const part = (verb: 'pull' | 'load', phase: StepEvent['phase']) =>
      step('cache', verb, phase, { parent: 'build:cache' });
    const running = stateAfter(
      step('cache', 'build', 'running'),
      part('pull', 'running'),
      part('pull', 'done'),
      part('load', 'running'),
    );
    const children = (state: ProgressState) =>
      linesOf(state, 9_000).flatMap((line) => line.children.map((view) => view.step.verb));
    expect(children(running)).toEqual(['load']);
    const failed = progress(
      progress(running, part('load', 'failed'), 9_000),
      step('cache', 'build', 'failed'),
      9_000,
    );
    expect(children(failed)).toEqual(['load']);
  });
});
