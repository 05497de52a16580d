import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import type { StepEvent } from '../../core/event.ts';
import { type FrameLook, frame } from './frame.ts';
import { noProgress, type ProgressState, progress } from './progress.ts';
import { stepEvent as step } from './steps.fixture.ts';

const plain: FrameLook = { columns: 80, rows: 23, now: 0, chalk: new Chalk({ level: 0 }) };

function stateAfter(...events: StepEvent[]): ProgressState {
  return events.reduce((state, event) => progress(state, event, 0), noProgress);
}

const answer = { question: 'PING redis://127.0.0.1:6379', reply: 'connection refused', ok: false };
const boot = stateAfter(
  step('cache', 'await', 'running', { answer }),
  step('storage', 'await', 'running'),
  step('storage', 'await', 'done', { milliseconds: 420 }),
  step('realtime', 'start', 'waiting'),
);

describe('the live tree', () => {
  it('shows what goes on with its time and the last answer, what is done and what waits', () => {
    expect(frame(boot, { ...plain, now: 3_200 })).toEqual([
      '⠋ cache waiting until healthy  PING redis://127.0.0.1:6379: connection … [3.20s]',
      '✔ storage healthy [0.42s]',
      '· realtime start',
    ]);
  });

  it.each([80, 40, 20])('fits into %i columns, also with colours, and keeps the time', (columns) => {
    const lines = frame(boot, { ...plain, now: 3_200, columns });
    expect(lines.filter((line) => [...line].length > columns)).toEqual([]);
    expect(lines[0]).toMatch(/ \[3\.20s\]$/);
    const coloured = frame(boot, { ...plain, now: 3_200, columns, chalk: new Chalk({ level: 1 }) });
    const sequences = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
    expect(coloured.map((line) => line.replace(sequences, ''))).toEqual(lines);
  });

  it('shortens a long name before the news about it', () => {
    const state = stateAfter(
      step('storage', 'load', 'running', {
        on: 'base/arc-base/minio:RELEASE.2025-09-07T16-13-09Z-7e13d4',
        progress: { done: 12_000_000, total: 40_000_000, unit: 'bytes' },
      }),
    );
    expect(frame(state, { ...plain, now: 1_500, columns: 60 })).toEqual([
      '⠇ storage loading base …3-09Z-7e13d4  12 MB of 40 MB [1.50s]',
    ]);
  });

  describe('of many config files', () => {
    const file = (name: string, phase: StepEvent['phase'], more: Partial<StepEvent> = {}): StepEvent => {
      const { role: _role, ...event } = step(name, 'create', phase, {
        on: `config/.arc/config/${name}`,
        ...more,
      });
      return event;
    };

    it('has one line, which counts them', () => {
      const announced = ['a.yaml', 'b.conf', 'c.env'].map((name) => file(name, 'waiting'));
      expect(frame(stateAfter(...announced), plain)).toEqual(['· config files create, 3']);
      const first = file('a.yaml', 'done', { milliseconds: 40 });
      expect(frame(stateAfter(...announced, first), plain)).toEqual([
        '· config files creating, 1 of 3 [0.04s]',
      ]);
      const all = ['b.conf', 'c.env'].map((name) => file(name, 'done', { milliseconds: 50 }));
      expect(frame(stateAfter(...announced, first, ...all), plain)).toEqual([
        '✔ config files created, 3 [0.05s]',
      ]);
    });

    it('says which one has failed, and why', () => {
      const problem = { code: 'x', message: '.arc/config/b.conf: no space left on the disk' };
      const state = stateAfter(file('a.yaml', 'done'), file('b.conf', 'failed', { problem }));
      expect(frame(state, plain)).toEqual([
        '✖ config files create  .arc/config/b.conf: no space left on the disk',
      ]);
    });

    it('says that they were not made where an interruption came first', () => {
      const state = stateAfter(file('a.yaml', 'waiting'), file('b.conf', 'waiting'));
      expect(frame(state, { ...plain, halted: 'interrupted' })).toEqual([
        '- config files create  (not done)',
      ]);
    });

    it('names a single one', () => {
      expect(frame(stateAfter(file('a.yaml', 'waiting')), plain)).toEqual(['· .arc/config/a.yaml create']);
    });
  });

  it('folds what is done first, then what waits, and never has more rows than there are', () => {
    const roles = Array.from({ length: 12 }, (_, index) => `role-${index}`);
    const state = stateAfter(
      ...roles.slice(0, 5).map((role) => step(role, 'start', 'done', { milliseconds: 10 })),
      step('broken', 'start', 'failed', { problem: { code: 'x', message: 'no such file' } }),
      ...roles.slice(5, 8).map((role) => step(role, 'start', 'running')),
      ...roles.slice(8).map((role) => step(role, 'start', 'waiting')),
    );
    expect(frame(state, { ...plain, rows: 12 })).toHaveLength(12);
    expect(frame(state, { ...plain, rows: 12 })[0]).toBe('✔ 2 done');
    expect(frame(state, { ...plain, rows: 6 })).toEqual([
      '✔ 5 done',
      '✖ broken start  no such file',
      '⠋ role-5 starting',
      '⠋ role-6 starting',
      '⠋ role-7 starting',
      '· 4 waiting',
    ]);
    for (let rows = 1; rows < 14; rows += 1)
      expect(frame(state, { ...plain, rows }).length).toBeLessThanOrEqual(rows);
  });

  it('has a further line for what else goes on for the same role', () => {
    const state = stateAfter(
      step('cache', 'build', 'running', { on: 'base/arc-base/x' }),
      step('cache', 'pull', 'running', { on: 'image/docker.io/x' }),
    );
    expect(frame(state, plain)).toEqual([
      '⠋ cache pulling docker.io/x',
      '  ⠋ building base arc-base/x [0.00s]',
    ]);
  });

  it('shows what an interruption has left as such', () => {
    expect(frame(boot, { ...plain, now: 3_200, halted: 'interrupted' })).toEqual([
      '- cache waiting until healthy  (interrupted) [3.20s]',
      '✔ storage healthy [0.42s]',
      '- realtime start  (not done)',
    ]);
  });

  it('passes on nothing of another program that a terminal would obey', () => {
    const state = stateAfter(step('cache', 'build', 'running', { output: 'a\u001b[2Jb\r\nc' }));
    expect(frame(state, plain)).toEqual(['⠋ cache building  a·[2Jb c']);
  });
});
