import { describe, expect, test } from 'vitest';
import { testContainer } from '../../../tests/fixtures/stacks.ts';
import { virtualClock } from '../../../tests/fixtures/virtual-clock.ts';
import { formatAnswer } from '../../core/answer.ts';
import type { Clock } from '../../core/clock.ts';
import { awaitHealthy, type HoldUntil } from './await-container.ts';

/**
 * Waits for a container that is unwell in the given stretches of time, in milliseconds.
 * @returns when it was called healthy, and what was answered meanwhile
 */
async function waitFor(options: {
  hold?: HoldUntil;
  unwell: readonly (readonly [from: number, to: number])[];
  clock?: Clock;
  /** The same time, for the questions. */
  asking?: Clock;
  /** How long each question takes, in milliseconds. */
  askedFor?: number;
}): Promise<{ at: number; answers: ReadonlySet<string> }> {
  const { hold, unwell, clock = virtualClock(), asking = clock, askedFor = 0 } = options;
  const answers = new Set<string>();
  const isReady = await awaitHealthy({
    watched: {
      container: testContainer({ role: 'server' }),
      status: 'running',
      deaths: 0,
      outOfMemory: false,
      ranOutBefore: false,
      ended: new AbortController().signal,
    },
    probe: { kind: 'container', name: 'arc-server' },
    timeoutMilliseconds: 1_000,
    ...(hold ? { hold } : {}),
    prober: async () => {
      if (askedFor > 0) await asking.sleep(askedFor, new AbortController().signal);
      const ok = !unwell.some(([from, to]) => clock.now() >= from && clock.now() < to);
      return { ok, question: 'GET /', reply: ok ? '200' : '406', milliseconds: 1 };
    },
    clock,
    signal: new AbortController().signal,
    onAnswer: (answer) => answers.add(formatAnswer(answer)),
  });
  expect(isReady).toBe(true);
  return { at: clock.now(), answers };
}

const hold = { until: 4_000, milliseconds: 4_000, cause: 'cache was started again' };

describe('the wait for a container', () => {
  test('without a hold ends with the first right answer', async () => {
    expect((await waitFor({ unwell: [] })).at).toBe(0);
  });

  test('with a hold ends once it has answered right for that long, and says why it goes on', async () => {
    const { at, answers } = await waitFor({ hold, unwell: [] });
    expect(at).toBe(4_000);
    expect([...answers]).toEqual(['GET /: 200; it must stay so for 4 s, because cache was started again']);
  });

  test('is asked again immediately where that moment passed while it was asked', async () => {
    const sleeps: number[] = [];
    const passing = virtualClock();
    const clock = {
      ...passing,
      sleep: async (milliseconds: number, signal: AbortSignal) => {
        sleeps.push(milliseconds);
        await passing.sleep(milliseconds, signal);
      },
    };
    const short = { ...hold, until: 400, milliseconds: 400 };
    const { at } = await waitFor({ hold: short, unwell: [], clock, asking: passing, askedFor: 300 });
    // Asked at 0, 315 and 615; only the last question was put after the moment.
    expect(at).toBe(915);
    expect(sleeps).toEqual([15, 0]);
  });

  test('begins to hold anew after a wrong answer', async () => {
    const { at, answers } = await waitFor({ hold, unwell: [[3_000, 6_000]] });
    expect(at).toBeGreaterThanOrEqual(10_000);
    expect(at).toBeLessThan(10_500);
    expect(answers).toContain('GET /: 406');
  });

  test('with a hold that is over already ends with the first right answer', async () => {
    expect((await waitFor({ hold: { ...hold, until: 0 }, unwell: [] })).at).toBe(0);
  });
});
