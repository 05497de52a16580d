import type { SessionMetrics } from '../../../contracts/typescript/events/analytics.ts';
import { HttpProblem } from '../../service/http/problem.ts';
import type { KeptSession } from '../memory/memory.ts';

/**
 * Reads what an agent says of a session that has ended.
 *
 * @returns `figures` are to be checked by their contract; `session` is what a row has of them
 * @throws HttpProblem 400
 */
export function readSession(body: Record<string, unknown>): {
  figures: SessionMetrics;
  session: KeptSession;
} {
  const { figures, latencies_ms = [], failures = 0 } = body;
  if (typeof figures !== 'object' || figures === null) throw wrong('figures', 'an object');
  if (!Array.isArray(latencies_ms) || !latencies_ms.every((value) => typeof value === 'number' && value >= 0))
    throw wrong('latencies_ms', 'a list of milliseconds');
  if (typeof failures !== 'number' || !Number.isInteger(failures) || failures < 0)
    throw wrong('failures', 'a whole number');
  // The contract is checked before anything is done with them.
  const known = figures as SessionMetrics;
  return {
    figures: known,
    session: {
      id: known.session?.id,
      user: known.session?.user_id,
      room: known.session?.room_name,
      startedAt: known.session?.started_at,
      endedAt: known.session?.ended_at,
      turns: known.conversation_stats?.total_turns,
      latencies: latencies_ms as number[],
      targetMs: known.performance_metrics?.target_latency_ms ?? 2000,
      interruptions: known.user_experience?.interruptions ?? 0,
      failures,
    },
  };
}

function wrong(param: string, what: string): HttpProblem {
  return new HttpProblem({
    status: 400,
    code: 'invalid_value',
    param,
    message: `\`${param}\` has to be ${what}.`,
  });
}
