import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { delayBefore, parseRetryAfter, persist, type RetryPolicy, TransientFailure } from './retry.ts';

const policy: RetryPolicy = { attempts: 4, firstDelay: 100, longestDelay: 250, deadline: 60_000 };
const delay = (options: Partial<Parameters<typeof delayBefore>[0]>) =>
  delayBefore({ policy, attempt: 1, retryAfter: undefined, remaining: 60_000, random: 1, ...options });

describe('the time before the next attempt', () => {
  it('doubles up to the longest', () => {
    expect([1, 2, 3].map((attempt) => delay({ attempt }))).toEqual([100, 200, 250]);
  });

  it('is up to a quarter shorter, by chance', () => {
    expect(delay({ random: 0 })).toBe(75);
  });

  it('is what the server asks for, and not less than the usual', () => {
    expect(delay({ retryAfter: 5_000 })).toBe(5_000);
    expect(delay({ retryAfter: 0 })).toBe(100);
  });

  it('does not come after the last attempt, or beyond the deadline', () => {
    expect(delay({ attempt: 4 })).toBeUndefined();
    expect(delay({ retryAfter: 3_600_000 })).toBeUndefined();
    expect(delay({ remaining: 99 })).toBeUndefined();
  });
});

describe('Retry-After', () => {
  it.each([
    [undefined, undefined],
    ['3', 3_000],
    ['0', 0],
    ['Sat, 21 Nov 2026 12:00:05 GMT', 5_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['soon', undefined],
  ])('%j is %j ms', (header, expected) => {
    expect(parseRetryAfter(header, Date.UTC(2026, 10, 21, 12))).toBe(expected);
  });
});

describe('an operation', () => {
  const quick: RetryPolicy = { attempts: 3, firstDelay: 1, longestDelay: 1, deadline: 60_000 };

  /** Runs one that fails as listed, and says what was tried. */
  async function run(failures: readonly unknown[], options: { signal?: AbortSignal; policy?: RetryPolicy }) {
    const left = [...failures];
    const retries: string[] = [];
    const result = await persist({
      operation: async () => {
        if (left.length > 0) throw left.shift();
        return 'done';
      },
      policy: options.policy ?? quick,
      signal: options.signal ?? new AbortController().signal,
      onRetry: ({ reason, attempt }) => retries.push(`${attempt}: ${reason}`),
    }).catch((error: unknown) => error);
    return { result, retries };
  }
  const transient = (reason: string) => new TransientFailure({ reason });

  it('that fails in passing is repeated, and that is told', async () => {
    expect(await run([transient('503'), transient('cut')], {})).toEqual({
      result: 'done',
      retries: ['1: 503', '2: cut'],
    });
  });

  it('that goes on failing is given up with the last reason', async () => {
    const { result, retries } = await run(['a', 'b', 'c'].map(transient), {});
    expect(result).toMatchObject({ name: 'TransientFailure', message: 'c' });
    expect(retries).toEqual(['1: a', '2: b']);
  });

  it('that fails for good is not repeated', async () => {
    expect(await run([new Error('denied')], {})).toEqual({ result: new Error('denied'), retries: [] });
  });

  it("that fails for a reason of the caller's is repeated, and given up with that error", async () => {
    const before: number[] = [];
    const running = persist({
      operation: async (_, tried) => {
        before.push(tried);
        throw new Error(`attempt ${tried}`);
      },
      policy: quick,
      signal: new AbortController().signal,
      isTransient: (error) => error instanceof Error && error.message !== 'denied',
    });
    await expect(running).rejects.toThrow('attempt 2');
    expect(before).toEqual([0, 1, 2]);
  });

  it('that hangs is given up at the deadline', async () => {
    const running = persist({
      operation: async (signal) => {
        await once(signal, 'abort');
        throw signal.reason;
      },
      policy: { ...quick, deadline: 20 },
      signal: new AbortController().signal,
      onRetry: () => {},
    });
    await expect(running).rejects.toThrow('not done within 0.02 s');
  });

  it('is not repeated after an interruption, which also ends the wait', async () => {
    const controller = new AbortController();
    const slow: RetryPolicy = {
      ...quick,
      firstDelay: 3_600_000,
      longestDelay: 3_600_000,
      deadline: 7_200_000,
    };
    const running = run([transient('503')], { signal: controller.signal, policy: slow });
    controller.abort(new Error('interrupted'));
    expect((await running).result).toEqual(new Error('interrupted'));
  });
});
