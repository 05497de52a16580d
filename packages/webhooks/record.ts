import type { ContractError } from '../contracts/typescript/problem.ts';
import type { DeliveryState } from './delivery/deliver.ts';
import type { Tell } from './delivery/send.ts';
import type { Facts } from './health.ts';
import { type Counter, counter, type Family } from './metrics.ts';
import type { Outcome } from './serve.ts';

const outcomes: readonly Outcome[] = [
  'kept',
  'known',
  'unsigned',
  'unreadable',
  'too_large',
  'full',
  'failed',
];

/** What has happened since the start. */
export type Record = Tell & {
  received: (outcome: Outcome, message?: string) => void;
  facts: (current: {
    delivery: DeliveryState;
    waiting: number;
    connected: boolean;
    refusal: string | undefined;
  }) => Facts;
  counts: { requests: Counter; published: Counter; dead: Counter };
};

/** @param options.damaged records that the disk had lost at the start */
export function openRecord(options: { now: () => Date; damaged: number }): Record {
  const { now, damaged } = options;
  const counts = { requests: counter(outcomes), published: counter(), dead: counter() };
  const last: { unsigned?: string; dead?: { at: string; reason: string }; notKept?: string } = {};
  return {
    counts,
    received: (outcome, message) => {
      counts.requests.add(outcome);
      if (outcome === 'unsigned') last.unsigned = now().toISOString();
      if (outcome === 'full' || outcome === 'failed') last.notKept = message ?? outcome;
      if (outcome === 'kept') delete last.notKept;
    },
    published: counts.published.add,
    dead: (problem: ContractError) => {
      counts.dead.add(problem.contract);
      last.dead = { at: now().toISOString(), reason: problem.message };
    },
    facts: ({ delivery, waiting, connected, refusal }) => ({
      now: now(),
      waiting,
      oldest: delivery.oldest,
      failure: delivery.failure,
      connected,
      refusal,
      notKept: last.notKept,
      dead: { count: counts.dead.total(), last: last.dead },
      unsigned: { count: counts.requests.of('unsigned'), last: last.unsigned },
      lost: damaged + delivery.unreadable,
      delivered: delivery.delivered,
      failures: delivery.failures,
    }),
  };
}

export function familiesOf(options: {
  facts: Facts;
  counts: Record['counts'];
  bytes: number;
}): readonly Family[] {
  const { facts, counts, bytes } = options;
  const age = facts.oldest === undefined ? 0 : (facts.now.getTime() - Date.parse(facts.oldest)) / 1_000;
  const one = (name: string, kind: Family['kind'], help: string, value: number): Family => ({
    name,
    help,
    kind,
    samples: [{ value }],
  });
  const by = (label: string, name: string, help: string, counted: Counter): Family => ({
    name,
    help,
    kind: 'counter',
    samples: [...counted.all()].map(([value, count]) => ({ labels: { [label]: value }, value: count })),
  });
  return [
    by('outcome', 'arc_webhooks_requests_total', 'Requests by what became of them.', counts.requests),
    by('message', 'arc_webhooks_published_total', 'Messages that streams of NATS have.', counts.published),
    by('message', 'arc_webhooks_dead_letters_total', 'Messages that broke their contract.', counts.dead),
    one(
      'arc_webhooks_failures_total',
      'counter',
      'Attempts that failed; each is made again.',
      facts.failures,
    ),
    one('arc_webhooks_lost_total', 'counter', 'Events that the disk has lost.', facts.lost),
    one('arc_webhooks_waiting', 'gauge', 'Events that are kept and not delivered.', facts.waiting),
    one('arc_webhooks_oldest_seconds', 'gauge', 'How long the oldest of them waits.', Math.max(0, age)),
    one('arc_webhooks_spool_bytes', 'gauge', 'What they take of the disk.', bytes),
    one('arc_webhooks_connected', 'gauge', 'Whether there is a connection to NATS.', facts.connected ? 1 : 0),
  ];
}
