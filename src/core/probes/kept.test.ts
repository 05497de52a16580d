import { describe, expect, test } from 'vitest';
import { judgeKept, type KeptAnswer } from './kept.ts';

const now = new Date('2026-03-01T12:00:00Z');
const kept: KeptAnswer = {
  at: new Date('2026-03-01T11:57:00Z'),
  about: ['broker-1', 'agent-1'],
  answer: { ok: true, question: 'event', reply: 'arrived', milliseconds: 8_000 },
};

function judged(change: Partial<Parameters<typeof judgeKept>[0]>) {
  return judgeKept({ kept, about: ['agent-1', 'broker-1'], now, believedFor: 600_000, ...change });
}

describe('a kept answer', () => {
  test('counts with its age while it is young and its containers are the same', () => {
    expect(judged({})).toEqual({ known: true, answer: kept.answer, milliseconds: 180_000 });
  });

  test('does not count if there is none', () => {
    expect(judged({ kept: undefined })).toEqual({ known: false, because: 'it was not asked yet' });
  });

  test.each([
    { what: 'was recreated', about: ['agent-2', 'broker-1'] },
    { what: 'is gone', about: ['broker-1'] },
    { what: 'came in addition', about: ['agent-1', 'broker-1', 'cache-1'] },
  ])('does not count once a container $what', ({ about }) => {
    expect(judged({ about })).toEqual({
      known: false,
      because: 'it was not asked since its containers were recreated',
    });
  });

  test('does not count once it is too old', () => {
    expect(judged({ believedFor: 179_999 })).toEqual({ known: false, because: 'it was asked 3 min ago' });
  });

  test('does not count if the clock was set back since', () => {
    expect(judged({ now: new Date('2026-03-01T11:56:59Z') })).toEqual({
      known: false,
      because: 'it was asked at 2026-03-01T11:57:00.000Z, later than now',
    });
  });
});
