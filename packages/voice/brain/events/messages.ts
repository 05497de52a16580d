import type {
  BrainRequest,
  BrainResponse,
  Conversation,
} from '../../../contracts/typescript/events/agent.ts';
import type { AgentPerformance } from '../../../contracts/typescript/events/analytics.ts';
import type { ComplianceEvent } from '../../../contracts/typescript/events/audit.ts';
import type { Hour } from '../memory/memory.ts';
import { agentId, type Turn } from '../memory/turn.ts';

/** This program, in events. */
export const service = 'arc-sherlock-brain';

/** A complete turn. */
export function conversationOf(turn: Turn): Conversation {
  const { hearingMs } = turn;
  return {
    schema: 'conversation-v1',
    message_id: turn.id,
    timestamp: turn.at,
    event_type: 'conversation_turn_completed',
    conversation: {
      id: turn.session,
      session_id: turn.session,
      user_id: turn.user,
      agent_id: agentId,
      turn_index: turn.index,
    },
    user_message: { text: turn.said, ...(hearingMs === undefined ? {} : { stt_latency_ms: hearingMs }) },
    agent_response: {
      text: turn.answer,
      llm_model: turn.model ?? 'skills',
      llm_latency_ms: turn.brainMs,
      ...(turn.tokens === undefined ? {} : { llm_tokens_used: turn.tokens }),
    },
    context: { previous_turn_count: turn.index, tools_invoked: turn.tools, embedding_vector_id: turn.id },
    performance: {
      llm_latency_ms: turn.brainMs,
      ...(hearingMs === undefined ? {} : { stt_latency_ms: hearingMs }),
    },
    metadata: { trace_id: turn.trace, ...(turn.room === '' ? {} : { room_name: turn.room }) },
  };
}

/**
 * What somebody has asked, for whoever listens. It is told once it is certain, and has the time at which it was asked: what
 * is asked before that may be half of a sentence.
 */
export function requestOf(turn: Turn): BrainRequest {
  return {
    request_id: turn.id,
    timestamp: new Date(Date.parse(turn.at) - turn.brainMs).toISOString(),
    trace_id: turn.trace,
    user_id: turn.user,
    session_id: turn.session,
    conversation_id: turn.session,
    turn_index: turn.index,
    user_input: turn.said,
  };
}

/** The brain's answer, for whoever listens. */
export function responseOf(turn: Turn): BrainResponse {
  return {
    request_id: turn.id,
    timestamp: turn.at,
    trace_id: turn.trace,
    user_id: turn.user,
    session_id: turn.session,
    conversation_id: turn.session,
    turn_index: turn.index,
    agent_response: turn.answer,
    metadata: {
      llm_model: turn.model ?? 'skills',
      tools_called: turn.tools,
      ...(turn.tokens === undefined ? {} : { tokens_used: turn.tokens }),
    },
    performance: { llm_latency_ms: turn.brainMs, total_processing_ms: turn.brainMs },
  };
}

/** Whose data, and in which session and trace. */
export type Subject = { user: string; session: string; trace: string };

/** What was done with whose data. */
export type Deed =
  | { kind: 'read'; rows: number; reason: string }
  | { kind: 'consent'; given: boolean; to: string }
  | { kind: 'deleted'; rows: number }
  | { kind: 'recordings-deleted'; objects: number };

/** An entry of the audit trail. */
export function complianceOf(options: {
  deed: Deed;
  about: Subject;
  id: string;
  at: Date;
  policy: string;
}): ComplianceEvent {
  const { deed, about, id, at, policy } = options;
  const tables = ['agents.conversations'];
  const common = {
    schema: 'compliance-audit-v1' as const,
    message_id: id,
    timestamp: at.toISOString(),
    actor: { type: 'service', service_name: service },
    compliance: { data_retention_policy: policy },
    context: {
      ...(about.trace === '' ? {} : { trace_id: about.trace }),
      ...(about.session === '' ? {} : { session_id: about.session }),
    },
  };
  const resource = 'user_conversation_history';
  switch (deed.kind) {
    case 'read':
      return {
        ...common,
        event_type: 'user_data_accessed',
        action: {
          type: 'data_access',
          operation: 'read',
          resource,
          resource_id: about.user,
          reason: deed.reason,
        },
        data_accessed: {
          tables,
          row_count: deed.rows,
          columns: ['user_input', 'agent_response', 'embedding'],
          pii_fields: ['user_input'],
        },
        compliance: { ...common.compliance, legal_basis: 'legitimate_interest' },
      };
    case 'consent':
      return {
        ...common,
        event_type: deed.given ? 'user_consent_granted' : 'user_consent_revoked',
        action: {
          type: 'consent',
          operation: deed.given ? 'grant' : 'revoke',
          resource: deed.to,
          resource_id: about.user,
        },
        compliance: { ...common.compliance, legal_basis: 'consent' },
      };
    case 'deleted':
      return {
        ...common,
        ...deletionOf(about.user, resource),
        data_accessed: { tables: [...tables, 'agents.sessions', 'agents.scores'], row_count: deed.rows },
      };
    case 'recordings-deleted':
      return {
        ...common,
        ...deletionOf(about.user, 'user_recordings'),
        data_accessed: { row_count: deed.objects },
      };
    default:
      return deed satisfies never;
  }
}

/** What a user has asked to be removed. */
function deletionOf(user: string, resource: string): Pick<ComplianceEvent, 'event_type' | 'action'> {
  return {
    event_type: 'user_data_deleted',
    action: {
      type: 'data_deletion',
      operation: 'delete',
      resource,
      resource_id: user,
      reason: 'user_request',
    },
  };
}

/** The figures of an hour. */
export function performanceOf(hour: Hour, id: string, at: Date): AgentPerformance {
  const { turns } = hour;
  return {
    schema: 'agent-performance-v1',
    message_id: id,
    timestamp: at.toISOString(),
    aggregation_period: 'hourly',
    time_bucket: hour.hour.toISOString(),
    agent_id: agentId,
    metrics: {
      total_sessions: hour.sessions,
      total_conversations: turns,
      avg_session_duration_seconds: hour.seconds,
      ...(hour.averageMs === undefined ? {} : { avg_latency_ms: hour.averageMs }),
      ...(hour.p95Ms === undefined ? {} : { p95_latency_ms: hour.p95Ms }),
      sla_violations: hour.violations,
      error_rate_percent: turns === 0 ? 0 : Math.min(100, (100 * hour.failures) / turns),
    },
  };
}
