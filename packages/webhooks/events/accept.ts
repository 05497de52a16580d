import { createHash } from 'node:crypto';
import type { WebhookEvent } from 'livekit-server-sdk';
import type { Spans } from '../../spans/spans.ts';
import type { Kept, Spool } from '../spool/spool.ts';
import { webhookPath } from './path.ts';
import type { Received } from './received.ts';

/** How many ids of events are remembered. LiveKit sends an event again within minutes; a record is about 1 KB. */
const remembered = 50_000;

export type Accept = (event: WebhookEvent, body: string) => Promise<'kept' | 'known'>;

/**
 * Keeps events, each once.
 *
 * @param options.known ids of what is still on the disk
 * @param options.onKept is told of each event in the order in which they are on the disk
 */
export function acceptor(options: {
  spool: Spool;
  known: readonly string[];
  onKept: (kept: Kept) => void;
  now: () => Date;
  /** An event begins a trace: LiveKit sends none. */
  spans: Pick<Spans, 'begin'>;
}): Accept {
  const { spool, onKept, now, spans } = options;
  // While an event is on its way to the disk, whoever sends it again waits for the same answer.
  const seen = new Map<string, Promise<unknown>>(options.known.map((id) => [id, Promise.resolve()]));
  return async (event, body) => {
    const span = spans.begin({ name: `POST ${webhookPath}`, kind: 'server' });
    const received: Received = {
      id: event.id || createHash('sha256').update(body).digest('hex'),
      event: event.event,
      lane: laneOf(event),
      at: now().toISOString(),
      traceparent: span.traceparent,
      body,
    };
    const earlier = seen.get(received.id);
    if (earlier !== undefined) {
      await earlier;
      return 'known';
    }
    span.set({
      'http.request.method': 'POST',
      'http.route': webhookPath,
      'arc.webhook.id': received.id,
      'arc.webhook.event': received.event,
      'arc.webhook.lane': received.lane,
    });
    const keeping = spool.append(received).then(onKept);
    seen.set(received.id, keeping);
    try {
      await keeping;
    } catch (cause) {
      seen.delete(received.id);
      span.fail(cause);
      throw cause;
    } finally {
      span.end();
    }
    if (seen.size > remembered)
      for (const id of seen.keys()) {
        seen.delete(id);
        break;
      }
    return 'kept';
  };
}

/** What shares an order: all that happens in one room. LiveKit itself sends a room's events one after the other. */
export function laneOf(event: WebhookEvent): string {
  const { room, egressInfo, ingressInfo } = event;
  const name = room?.name || egressInfo?.roomName || ingressInfo?.roomName;
  if (name) return `room/${name}`;
  if (egressInfo?.egressId) return `egress/${egressInfo.egressId}`;
  if (ingressInfo?.ingressId) return `ingress/${ingressInfo.ingressId}`;
  return 'other';
}
