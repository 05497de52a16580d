import type { Bus } from '../../../contracts/typescript/connect.ts';
import type { Contract } from '../../../contracts/typescript/contract.ts';
import {
  type AgentLifecycle,
  agentLifecycle,
  type BrainError,
  type BrainRequest,
  type BrainResponse,
  brainError,
  brainRequest,
  brainResponse,
  type Conversation,
  conversation,
  type TtsCompleted,
  type TtsRequest,
  ttsCompleted,
  ttsRequest,
} from '../../../contracts/typescript/events/agent.ts';
import {
  type AgentPerformance,
  agentPerformance,
  type SessionMetrics,
  type SessionScores,
  sessionMetrics,
  sessionScores,
} from '../../../contracts/typescript/events/analytics.ts';
import { type ComplianceEvent, complianceEvent } from '../../../contracts/typescript/events/audit.ts';
import { type ServiceError, serviceError } from '../../../contracts/typescript/events/system.ts';
import { ContractError } from '../../../contracts/typescript/problem.ts';
import type { Spans } from '../../../spans/spans.ts';
import type { Delivered } from '../outbox/outbox.ts';

/** A message that is promised: it waits on disk until NATS has it. */
export type KeptEvent = { id: string; at: string } & (
  | { name: 'conversation'; data: Conversation }
  | { name: 'compliance-event'; data: ComplianceEvent }
  | { name: 'session-metrics'; data: SessionMetrics }
  | { name: 'session-scores'; data: SessionScores }
  | { name: 'agent-performance'; data: AgentPerformance }
  | { name: 'agent-lifecycle'; data: AgentLifecycle }
);

/** A message that is told once: whoever does not listen at that moment never hears it. */
export type ToldEvent =
  | { name: 'brain-request'; data: BrainRequest }
  | { name: 'brain-response'; data: BrainResponse }
  | { name: 'brain-error'; data: BrainError }
  | { name: 'tts-request'; data: TtsRequest }
  | { name: 'tts-completed'; data: TtsCompleted }
  | { name: 'service-error'; data: ServiceError };

/** What messages are published with: each is a span, and a part of whatever it is published in. */
type With = { bus: Bus; spans: Pick<Spans, 'within'> };

/** Publishes a message that is promised. @throws Error where it has to be tried again */
export async function publishKept(
  options: With & { event: KeptEvent; onRefused: (cause: ContractError) => void },
): Promise<Delivered> {
  const { event, onRefused, ...to } = options;
  try {
    await published(to, event);
    return 'done';
  } catch (cause) {
    // Its contract refuses it for ever; whoever is away comes back.
    if (!(cause instanceof ContractError) || cause.code === 'no-keys') throw cause;
    onRefused(cause);
    return 'refused';
  }
}

async function published(to: With, event: KeptEvent): Promise<string> {
  const more = { id: event.id, time: new Date(event.at) };
  switch (event.name) {
    case 'conversation':
      return await publish(to, { contract: conversation, data: event.data, ...more });
    case 'compliance-event':
      return await publish(to, { contract: complianceEvent, data: event.data, ...more });
    case 'session-metrics':
      return await publish(to, { contract: sessionMetrics, data: event.data, ...more });
    case 'session-scores':
      return await publish(to, { contract: sessionScores, data: event.data, ...more });
    case 'agent-performance':
      return await publish(to, { contract: agentPerformance, data: event.data, ...more });
    case 'agent-lifecycle':
      return await publish(to, { contract: agentLifecycle, data: event.data, ...more });
    default:
      return event satisfies never;
  }
}

/** Publishes a message that is told once. */
export async function publishTold(to: With, event: ToldEvent): Promise<string> {
  switch (event.name) {
    case 'brain-request':
      return await publish(to, { contract: brainRequest, data: event.data });
    case 'brain-response':
      return await publish(to, { contract: brainResponse, data: event.data });
    case 'brain-error':
      return await publish(to, { contract: brainError, data: event.data });
    case 'tts-request':
      return await publish(to, { contract: ttsRequest, data: event.data });
    case 'tts-completed':
      return await publish(to, { contract: ttsCompleted, data: event.data });
    case 'service-error':
      return await publish(to, { contract: serviceError, data: event.data });
    default:
      return event satisfies never;
  }
}

async function publish<Data extends object>(
  { bus, spans }: With,
  message: { contract: Contract<Data, object>; data: Data; id?: string; time?: Date },
): Promise<string> {
  const subject = message.contract.nats?.subject ?? message.contract.name;
  return await spans.within(
    { name: `publish ${subject}`, kind: 'producer' },
    async ({ traceparent }) => await bus.publish({ ...message, trace: { traceparent } }),
  );
}
