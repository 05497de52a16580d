import { expect, it } from 'vitest';
import { sessionMetrics } from '../../../contracts/typescript/events/analytics.ts';
import { firstViolation } from '../../../contracts/typescript/validate.ts';
import { sessionFigures } from './figures.ts';

const ended = {
  ...{ id: 'AJ_1', user: 'ada', room: 'demo' },
  ...{ startedAt: new Date('2026-11-30T10:00:00Z'), endedAt: new Date('2026-11-30T10:05:00Z') },
};
const bodyOf = (figures: ReturnType<typeof sessionFigures>) =>
  figures.body(ended) as { figures: Record<string, Record<string, unknown>>; latencies_ms: number[] };
const contractOf = (value: unknown) =>
  firstViolation({ schema: sessionMetrics.schema, value, direction: 'publish' });

it('sums a session up as its contract has it', () => {
  const figures = sessionFigures();
  for (const [latency, interrupted] of [
    [0.6, false],
    [0.8, true],
    [2.5, false],
  ] as const) {
    figures.add({
      role: 'user',
      text: 'which rooms are open',
      interrupted: false,
      metrics: { transcriptionDelay: 0.1 },
    });
    figures.add({
      role: 'assistant',
      text: 'One.',
      interrupted,
      metrics: { e2eLatency: latency, llmNodeTtft: 0.02 },
    });
  }
  const { figures: all, latencies_ms } = bodyOf(figures);
  expect(contractOf(all)).toBeUndefined();
  expect(latencies_ms).toEqual([600, 800, 2500]);
  expect(all.session).toMatchObject({ id: 'AJ_1', user_id: 'ada', duration_seconds: 300 });
  expect(all.performance_metrics).toMatchObject({
    ...{ avg_latency_ms: 1300, p50_latency_ms: 800, p95_latency_ms: 2500, max_latency_ms: 2500 },
    ...{ avg_stt_latency_ms: 100, avg_llm_latency_ms: 20 },
  });
  expect(all.performance_metrics?.sla_compliance_percent).toBeCloseTo(66.7, 1);
  expect(all.user_experience).toEqual({ interruptions: 1 });
  expect(all.conversation_stats).toMatchObject({ total_turns: 3, avg_turn_length_words: 2.5 });
});

it('says nothing of what nobody measured', () => {
  const { figures, latencies_ms } = bodyOf(sessionFigures());
  expect(contractOf(figures)).toBeUndefined();
  expect(figures.performance_metrics).toEqual({ target_latency_ms: 2000 });
  expect(latencies_ms).toEqual([]);
});
