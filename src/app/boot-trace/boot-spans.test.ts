import { describe, expect, test } from 'vitest';
import type { StepEvent } from '../../core/event.ts';
import type { Span } from '../../core/spans/span.ts';
import { bootSpans } from './boot-spans.ts';
import { type Moment, recordSteps } from './record.ts';

const create = {
  id: '1',
  verb: 'create',
  on: 'container/arc-cache',
  role: 'cache',
  cause: 'no container',
} as const;
const wait = { id: '2', verb: 'await', on: 'container/arc-cache', role: 'cache', cause: 'started' } as const;

function moment(at: number, step: Omit<StepEvent, 'type'>): Moment {
  return { at, step: { type: 'step', ...step } };
}

function spansOf(moments: readonly Moment[], failure?: string): readonly Span[] {
  let id = 0;
  return bootSpans({
    traceId: 'f'.repeat(32),
    name: 'arc up',
    attributes: { 'arc.selection': 'think' },
    began: 1000,
    ended: 2000,
    moments,
    newId: () => {
      id += 1;
      return String(id).padStart(16, '0');
    },
    clean: (text) => text.replaceAll('hush-hush', '[redacted]'),
    ...(failure === undefined ? {} : { failure }),
  });
}

/** A line a span: whose part it is, its name, when, and what else is known. */
function shown(spans: readonly Span[]): readonly string[] {
  const names = new Map(spans.map(({ spanId, name }) => [spanId, name]));
  return spans.map(({ name, parentId, start, end, error, attributes }) =>
    [
      `${parentId === undefined ? '' : `${names.get(parentId)} > `}${name}`,
      `${Number(start) / 1e6}-${Number(end) / 1e6}`,
      ...(error === undefined ? [] : [`error: ${error}`]),
      JSON.stringify(attributes),
    ].join(' | '),
  );
}

describe('a boot as a trace', () => {
  test('has a span for the command, and one for each step that ran, with its cause', () => {
    const spans = spansOf([
      moment(1000, { ...create, phase: 'waiting' }),
      moment(1010, { ...create, phase: 'running' }),
      moment(1030.5, { ...create, phase: 'done', milliseconds: 20 }),
      moment(1031, { ...wait, phase: 'running' }),
      moment(1500, { ...wait, phase: 'running', answer: { question: 'PING', reply: 'refused', ok: false } }),
      moment(1900, { ...wait, phase: 'done' }),
    ]);
    expect(shown(spans)).toEqual([
      'arc up | 1000-2000 | {"arc.selection":"think"}',
      'arc up > create container cache | 1010-1030.5 | {"arc.verb":"create","arc.on":"container/arc-cache","arc.role":"cache","arc.cause":"no container"}',
      'arc up > await container cache | 1031-1900 | {"arc.verb":"await","arc.on":"container/arc-cache","arc.role":"cache","arc.cause":"started","arc.answer":"PING: refused"}',
    ]);
    expect(new Set(spans.map(({ traceId, service, kind }) => `${traceId} ${service} ${kind}`))).toEqual(
      new Set([`${'f'.repeat(32)} arc internal`]),
    );
  });

  test('has the parts of a step below it', () => {
    const part = { ...create, id: '9', parent: '1' };
    const spans = spansOf([
      moment(1010, { ...create, phase: 'running' }),
      moment(1015, { ...part, phase: 'running' }),
      moment(1020, { ...part, phase: 'done' }),
      moment(1030, { ...create, phase: 'done' }),
    ]);
    expect(spans[2]?.parentId).toBe(spans[1]?.spanId);
  });

  test('has no span for what was kept or not reached', () => {
    const spans = spansOf([
      moment(1000, { ...create, phase: 'waiting' }),
      moment(1001, { ...create, phase: 'skipped', kept: true }),
      moment(1002, { ...wait, phase: 'running' }),
      moment(1003, { ...wait, phase: 'skipped' }),
    ]);
    expect(spans).toHaveLength(1);
  });

  test('that failed says so, at the step as well, without secrets', () => {
    const problem = { code: 'container-ended', message: 'it said hush-hush' };
    const spans = spansOf(
      [moment(1010, { ...create, phase: 'running' }), moment(1030, { ...create, phase: 'failed', problem })],
      'hush-hush ended',
    );
    expect(spans.map(({ error }) => error)).toEqual(['[redacted] ended', 'it said [redacted]']);
    expect(spans[1]?.attributes['arc.problem']).toBe('container-ended');
  });

  test('has what failed after it was done as failed', () => {
    const problem = { code: 'container-ended', message: 'it ended' };
    const spans = spansOf([
      moment(1010, { ...wait, phase: 'running' }),
      moment(1030, { ...wait, phase: 'done' }),
      moment(1040, { ...wait, phase: 'failed', problem }),
    ]);
    expect(spans[1]).toMatchObject({ error: 'it ended', end: 1_040_000_000n });
  });

  test('ends with the command what had not ended then', () => {
    const spans = spansOf([moment(1010, { ...wait, phase: 'running' })]);
    expect(spans[1]).toMatchObject({ end: 2_000_000_000n, error: 'it had not ended when arc did' });
  });
});

test('events go on as they came while their moments are kept', () => {
  const passed: unknown[] = [];
  let now = 5;
  const recording = recordSteps({ emit: (event) => passed.push(event), now: () => now });
  now = 7.5;
  const step = { type: 'step', ...create, phase: 'running' } as const;
  recording.emit(step);
  recording.emit({ type: 'started', version: 2, command: 'up' });
  expect(passed).toEqual([step, { type: 'started', version: 2, command: 'up' }]);
  expect(recording).toMatchObject({ began: 5, moments: [{ at: 7.5, step }] });
});
