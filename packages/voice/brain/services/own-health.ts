import type { Bus } from '../../../contracts/typescript/connect.ts';
import { healthHeartbeat } from '../../../contracts/typescript/events/system.ts';
import type { Events } from '../events/events.ts';
import { service } from '../events/messages.ts';
import type { KeptEvent, ToldEvent } from '../events/publisher.ts';

/** What `arc health` shows. A warning is about something else than this program. */
export type Verdict = { level: 'ok' | 'warning' | 'failed'; said: string };

/** What waits on disk, and why. */
export type Waiting = { waiting: number; lost: number; refused: number; failure: string | undefined };

/** Says how promises are kept. That SQL or NATS is away is a warning: they say so themselves, and nothing is lost. */
export function judge(of: { rows: Waiting; events: Waiting }): Verdict {
  const parts = [
    { name: 'row', whose: 'the database', ...of.rows },
    { name: 'event', whose: 'NATS', ...of.events },
  ];
  const lost = parts.filter((part) => part.lost + part.refused > 0);
  const late = parts.filter(({ failure }) => failure !== undefined);
  const said = [
    ...lost.map(({ name, lost, refused }) => `${many(lost + refused, name)} lost`),
    ...late.map(
      ({ name, whose, waiting, failure }) => `${many(waiting, name)} waiting for ${whose}: ${failure}`,
    ),
  ];
  if (said.length === 0) return { level: 'ok', said: 'everything promised is kept' };
  return { level: lost.length > 0 ? 'failed' : 'warning', said: said.join('; ') };
}

const many = (count: number, name: string): string => `${count} ${name}${count === 1 ? '' : 's'}`;

const statuses = { ok: 'healthy', warning: 'degraded', failed: 'unhealthy' } as const;

/** Says how this program is. Nobody waits for a heartbeat that could not be sent. */
export async function beat(options: { bus: Promise<Bus> | undefined; health: () => Verdict }): Promise<void> {
  const bus = await options.bus;
  if (bus?.isConnected() !== true) return;
  const data = {
    service: 'arc-brain',
    timestamp: new Date().toISOString(),
    status: statuses[options.health().level],
    metrics: { memory_mb: Math.round(process.memoryUsage.rss() / 1024 / 1024) },
  };
  await bus.publish({ contract: healthHeartbeat, data });
}

/** What somebody has to know of: only that it has begun is told. */
export function errorOf(verdict: Verdict, before: Verdict | undefined): ToldEvent | undefined {
  if (verdict.level !== 'failed' || before?.level === 'failed') return undefined;
  return {
    name: 'service-error',
    data: {
      ...{ service, timestamp: new Date().toISOString(), error_type: 'unhealthy' },
      ...{ error_message: verdict.said, severity: 'error' },
    },
  };
}

/**
 * Tells of each verdict what somebody has to know of. What could not be told is told with a later verdict: events are lost
 * just when NATS is away.
 */
export function errorTeller(events: Pick<Events, 'tell'>): (verdict: Verdict) => Promise<void> {
  let before: Verdict | undefined;
  return async (verdict) => {
    const error = errorOf(verdict, before);
    if (error === undefined || (await events.tell(error))) before = verdict;
  };
}

/** This program has started or is about to stop. */
export function lifecycleOf(what: 'started' | 'stopped'): KeptEvent {
  const [id, at] = [crypto.randomUUID(), new Date().toISOString()];
  const states = { started: ['stopped', 'running'], stopped: ['running', 'stopped'] } as const;
  const [previous_state, current_state] = states[what];
  return {
    name: 'agent-lifecycle',
    id,
    at,
    data: {
      schema: 'agent-lifecycle-v1',
      message_id: id,
      timestamp: at,
      event_type: `service_${what}`,
      service: { name: service },
      event_details: { type: what, previous_state, current_state },
    },
  };
}
