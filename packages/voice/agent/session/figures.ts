/** What the framework measured of one message, in seconds. */
export type MessageMetrics = {
  transcriptionDelay?: number;
  llmNodeTtft?: number;
  ttsNodeTtfb?: number;
  e2eLatency?: number;
};

export type Message = {
  role: 'user' | 'assistant';
  text: string;
  interrupted: boolean;
  metrics: MessageMetrics;
};

/** What a session is about. */
export type Ended = { id: string; user: string; room: string; startedAt: Date; endedAt: Date };

/** What an answer may take; more is a violation. Source: the platform's session metrics. */
const targetMs = 2000;

/** Counts what happens in a session, for its figures at the end. */
export function sessionFigures(): {
  add(message: Message): void;
  failed(): void;
  /** The body of `/v1/sessions`: the brain keeps and publishes it. */
  body(ended: Ended): object;
} {
  const messages: Message[] = [];
  let failures = 0;
  return {
    add: (message) => void messages.push(message),
    failed: () => {
      failures += 1;
    },
    body: (ended) => {
      const latencies = millisecondsOf(messages, 'assistant', 'e2eLatency');
      return { figures: figuresOf({ ended, messages, latencies }), latencies_ms: latencies, failures };
    },
  };
}

function figuresOf(options: {
  ended: Ended;
  messages: readonly Message[];
  latencies: readonly number[];
}): object {
  const { ended, messages, latencies } = options;
  const { id, user, room, startedAt, endedAt } = ended;
  const users = messages.filter(({ role }) => role === 'user');
  const agents = messages.filter(({ role }) => role === 'assistant');
  const words = messages.map(({ text }) => text.split(/\s+/u).filter(Boolean).length);
  const mean = (values: readonly number[]): number | undefined =>
    values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
  const performance = {
    avg_latency_ms: mean(latencies),
    p50_latency_ms: quantile(latencies, 0.5),
    p95_latency_ms: quantile(latencies, 0.95),
    p99_latency_ms: quantile(latencies, 0.99),
    max_latency_ms: quantile(latencies, 1),
    avg_stt_latency_ms: mean(millisecondsOf(messages, 'user', 'transcriptionDelay')),
    avg_llm_latency_ms: mean(millisecondsOf(messages, 'assistant', 'llmNodeTtft')),
    avg_tts_latency_ms: mean(millisecondsOf(messages, 'assistant', 'ttsNodeTtfb')),
    sla_compliance_percent: share(latencies),
    target_latency_ms: targetMs,
  };
  return {
    schema: 'session-metrics-v1',
    message_id: `session-${id}`,
    timestamp: endedAt.toISOString(),
    event_type: 'session_ended',
    session: {
      id,
      user_id: user,
      agent_id: 'arc-scarlett-voice',
      room_name: room,
      started_at: startedAt.toISOString(),
      ended_at: endedAt.toISOString(),
      duration_seconds: Math.max(0, (endedAt.getTime() - startedAt.getTime()) / 1000),
    },
    conversation_stats: {
      total_turns: users.length,
      user_messages: users.length,
      agent_messages: agents.length,
      ...defined({ avg_turn_length_words: mean(words) }),
    },
    performance_metrics: defined(performance),
    resource_usage: { api_calls: { stt: users.length, llm: users.length, tts: agents.length } },
    user_experience: { interruptions: agents.filter(({ interrupted }) => interrupted).length },
  };
}

function millisecondsOf(
  messages: readonly Message[],
  role: Message['role'],
  name: keyof MessageMetrics,
): readonly number[] {
  return messages.flatMap((message) => {
    const seconds = message.metrics[name];
    return message.role === role && seconds !== undefined && seconds >= 0 ? [Math.round(seconds * 1000)] : [];
  });
}

/** The nearest value at or above a share of all, from 0 to 1. */
function quantile(values: readonly number[], at: number): number | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(at * sorted.length) - 1))];
}

function share(latencies: readonly number[]): number | undefined {
  if (latencies.length === 0) return undefined;
  return (100 * latencies.filter((value) => value <= targetMs).length) / latencies.length;
}

/** Without what nobody measured. */
function defined(values: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
