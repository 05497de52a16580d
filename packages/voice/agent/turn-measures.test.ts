import { expect, it } from 'vitest';
import { turnMeasures } from './turn-measures.ts';

it('counts turns, and how long each part took where somebody measured it', () => {
  const measures = turnMeasures();
  measures.add({ e2e: 0.8, stt: 0.1, tts: 0.05 });
  measures.add({ e2e: 1.5, stt: -0.01 });
  measures.add({});
  const text = measures.text();
  expect(text).toContain('agent_conversation_turns_total 3');
  expect(text.filter((line) => line.startsWith('agent_e2e'))).toEqual([
    ...[0.05, 0.1, 0.2, 0.3, 0.5, 0.75].map((bound) => `agent_e2e_latency_seconds_bucket{le="${bound}"} 0`),
    'agent_e2e_latency_seconds_bucket{le="1"} 1',
    ...[1.5, 2, 3, 5, 10].map((bound) => `agent_e2e_latency_seconds_bucket{le="${bound}"} 2`),
    'agent_e2e_latency_seconds_bucket{le="+Inf"} 2',
    'agent_e2e_latency_seconds_sum 2.3',
    'agent_e2e_latency_seconds_count 2',
  ]);
  expect(text).toContain('agent_stt_latency_seconds_bucket{le="0.05"} 1');
  expect(text).toContain('agent_tts_latency_seconds_count 1');
});
