import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What this program counts, for `/metrics`. */
export type Measures = ReturnType<typeof createMeasures>;

export function createMeasures() {
  const registry = new Registry();
  const registers = [registry];
  return {
    registry,
    duration: new Histogram({
      name: 'langgraph_execution_duration_seconds',
      help: 'From a question to its answer, by what was asked for.',
      labelNames: ['intent'],
      buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
      registers,
    }),
    tools: new Counter({
      name: 'langgraph_tool_calls_total',
      help: 'What was asked or done for answers.',
      labelNames: ['tool'],
      registers,
    }),
    tokens: new Counter({
      name: 'langgraph_llm_tokens_total',
      help: 'Tokens that a model took.',
      registers,
    }),
    waiting: new Gauge({
      name: 'brain_waiting',
      help: 'What waits on disk for the database or for NATS.',
      labelNames: ['what'],
      registers,
    }),
    lost: new Gauge({
      name: 'brain_lost',
      help: 'What could not be kept since the start.',
      labelNames: ['what'],
      registers,
    }),
    scores: new Histogram({
      name: 'agent_session_score',
      help: 'Scores of sessions, by name and judge.',
      labelNames: ['name', 'judge'],
      buckets: [0.1, 0.25, 0.5, 0.75, 0.9, 1],
      registers,
    }),
    failures: new Counter({ name: 'brain_failures_total', help: 'Questions without an answer.', registers }),
  };
}
