import type { Server } from 'node:http';
import type { Bus } from '../contracts/typescript/connect.ts';
import { spanMetrics } from '../spans/metrics.ts';
import type { Spans } from '../spans/spans.ts';
import { aborted } from './aborted.ts';
import type { Config } from './config.ts';
import { deliver } from './delivery/deliver.ts';
import { sender } from './delivery/send.ts';
import { acceptor } from './events/accept.ts';
import { verifier } from './events/verify.ts';
import { type Facts, judge } from './health.ts';
import { beat } from './heartbeat.ts';
import { metricsText } from './metrics.ts';
import { familiesOf, openRecord } from './record.ts';
import { serve } from './serve.ts';
import { filesIn } from './spool/files.ts';
import { openSpool } from './spool/spool.ts';

/** What the program is given. */
export type Surroundings = {
  config: Config;
  /** Settles once NATS was reached for the first time. */
  bus: Promise<Bus>;
  /** What NATS says against its key, if it does. */
  refusal: () => string | undefined;
  spans: Spans;
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  now: () => Date;
  log: (fields: Readonly<Record<string, unknown>>) => void;
  signal: AbortSignal;
};

/**
 * Takes webhooks and delivers them until the signal. What is not delivered by then stays on the disk.
 *
 * @returns once it has stopped
 */
export async function run(given: Surroundings): Promise<void> {
  const { config, bus, refusal, spans, sleep, now, log, signal } = given;
  const { spool, waiting, ids, damaged } = await openSpool({
    files: filesIn(config.folder),
    limit: config.limit,
  });
  if (waiting.length > 0 || damaged > 0)
    log({ level: 'info', message: 'found on the disk', waiting: waiting.length, damaged });
  const record = openRecord({ now, damaged });
  let connection: Bus | undefined;
  void bus.then((made) => {
    connection = made;
  });
  const delivery = deliver({
    spool,
    send: sender({ bus, tell: record, now, spans }),
    waiting,
    sleep,
    signal,
  });
  const facts = (): Facts =>
    record.facts({
      delivery: delivery.state(),
      waiting: spool.size().events,
      connected: connection?.isConnected() ?? false,
      refusal: refusal(),
    });
  const server = await serve({
    port: config.port,
    verify: verifier(config),
    accept: acceptor({ spool, known: ids, onKept: delivery.add, now, spans }),
    count: record.received,
    health: () => judge(facts()),
    metrics: () =>
      metricsText(familiesOf({ facts: facts(), counts: record.counts, bytes: spool.size().bytes })) +
      spanMetrics(spans.counts()),
    status: () => ({ ...facts(), bytes: spool.size().bytes }),
  });
  await Promise.all([
    beat({ bus, facts, sleep, signal }),
    aborted(signal).then(async () => {
      await closed(server);
      await delivery.ended();
      await spool.close();
      await spans.close();
      if (connection?.isConnected()) await connection.drain();
    }),
  ]);
}

/** Requests that are being answered are answered. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
