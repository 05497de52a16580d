import { describe, expect, test } from 'vitest';
import { observedContainer } from '../../../tests/fixtures/observed.ts';
import { failed } from '../../core/errors.ts';
import type { KeptAnswer } from '../../core/probes/kept.ts';
import type { ProbeAnswer } from '../../core/probes/probe.ts';
import { makeCheck } from './make-check.ts';

const now = new Date('2026-03-01T12:00:00Z');
const good: ProbeAnswer = { ok: true, question: 'event', reply: 'arrived', milliseconds: 8_000 };
const bad: ProbeAnswer = { ...good, ok: false, reply: 'did not arrive' };

/** Makes a check of a broker and of an agent. */
async function made(options: {
  slow?: { longest: number; believedFor?: number };
  deep?: boolean;
  kept?: KeptAnswer | Error;
  answer?: ProbeAnswer;
  state?: 'running' | 'exited';
}) {
  const asked: { deep: boolean | undefined; timeoutMilliseconds: number }[] = [];
  const keeps: KeptAnswer[] = [];
  const health = await makeCheck({
    service: 'broker',
    check: {
      name: 'events',
      description: 'Events arrive.',
      probe: { kind: 'events', at: { role: 'broker', port: 'admin' }, fields: {} },
      needs: ['agent'],
    },
    hint: 'look at its disk',
    there: new Map([
      ['broker', { ...observedContainer('broker', []), id: 'b', state: options.state ?? 'running' }],
      ['agent', { ...observedContainer('agent', []), id: 'a' }],
    ]),
    prober: async ({ deep, timeoutMilliseconds }) => {
      asked.push({ deep, timeoutMilliseconds });
      return options.answer ?? good;
    },
    slow: () => options.slow,
    answers: {
      read: () => {
        if (options.kept instanceof Error) throw options.kept;
        return options.kept;
      },
      keep: (_, kept) => keeps.push(kept),
    },
    deep: options.deep ?? false,
    now: () => now,
    timeoutMilliseconds: 10_000,
    signal: new AbortController().signal,
  });
  const { outcome, reply, ageMilliseconds } = health;
  return { outcome, reply, ageMilliseconds, asked, keeps };
}

const slow = { longest: 60_000, believedFor: 3_600_000 };
const kept: KeptAnswer = { at: new Date('2026-03-01T11:57:00Z'), about: ['b', 'a'], answer: good };

describe('a slow check', () => {
  test('is not asked: its last answer is told, with its age', async () => {
    expect(await made({ slow, kept })).toEqual({
      outcome: 'ok',
      reply: 'arrived',
      ageMilliseconds: 180_000,
      asked: [],
      keeps: [],
    });
  });

  test('that failed last says how to ask again, and where to look', async () => {
    expect(await made({ slow, kept: { ...kept, answer: bad } })).toMatchObject({
      outcome: 'failed',
      reply: 'did not arrive; look at its disk; `arc health --deep` asks again',
      ageMilliseconds: 180_000,
    });
  });

  test('without an answer is not known, which is neither good nor bad', async () => {
    expect(await made({ slow })).toMatchObject({
      outcome: 'unknown',
      reply: 'not known yet, because it was not asked yet; `arc health --deep` asks',
      asked: [],
    });
  });

  test('is not known while one of its containers does not run', async () => {
    expect(await made({ slow, kept, state: 'exited' })).toMatchObject({
      outcome: 'unknown',
      reply: 'not known yet, because broker is exited',
    });
  });

  test('whose last answer cannot be read fails', async () => {
    const unreadable = failed({
      code: 'kept-answer-unreadable',
      message: 'events.json is no answer.',
      suggestion: 'ask again',
    });
    expect(await made({ slow, kept: unreadable })).toMatchObject({
      outcome: 'failed',
      reply: 'events.json is no answer. ask again',
    });
  });

  test('is asked anew with --deep, for as long as it may take, and its answer is kept', async () => {
    expect(await made({ slow, kept, deep: true, answer: bad })).toEqual({
      outcome: 'failed',
      reply: 'did not arrive; look at its disk',
      ageMilliseconds: undefined,
      asked: [{ deep: true, timeoutMilliseconds: 60_000 }],
      keeps: [{ at: now, about: ['b', 'a'], answer: bad }],
    });
  });

  test.each(['missing', 'unknown'] as const)('keeps no answer that says it is %s', async (flag) => {
    expect((await made({ slow, deep: true, answer: { ...good, [flag]: true } })).keeps).toEqual([]);
  });
});

test('a check whose server knows its last answer is asked for that one, and tells its age', async () => {
  const check = { slow: { longest: 45_000 }, answer: { ...good, age: 9_000 } };
  const asked = [{ deep: false, timeoutMilliseconds: 10_000 }];
  expect(await made(check)).toMatchObject({ outcome: 'ok', ageMilliseconds: 9_000, asked, keeps: [] });
  expect(await made({ ...check, deep: true })).toMatchObject({
    asked: [{ deep: true, timeoutMilliseconds: 45_000 }],
    keeps: [],
  });
});

test('an answer that nobody can know yet is neither good nor bad', async () => {
  const answer = { ...good, unknown: true, reply: 'not known yet' } as const;
  expect(await made({ answer })).toMatchObject({ outcome: 'unknown', reply: 'not known yet' });
});
