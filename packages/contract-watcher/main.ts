import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Config, type Login, readConfig, readLogin } from './config.ts';
import { judgeHealth } from './health.ts';
import { type Heartbeat, heartbeatsFor, self } from './heartbeat.ts';
import { createJudge } from './judge.ts';
import { metricsText } from './metrics.ts';
import { reach } from './reach.ts';
import { serve } from './serve.ts';
import { startCounting } from './tally.ts';
import { openBus, sendHeartbeat, watch } from './watch.ts';

/** Another start does not put a wrong configuration right. */
const wrongConfiguration = 2;
/** Between two heartbeats, in milliseconds. */
const every = 30_000;

function log(fields: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...fields })}\n`);
}

function readAll(): { config: Config; login: Login } {
  try {
    return { config: readConfig(process.env), login: readLogin(process.env) };
  } catch (cause) {
    log({ level: 'error', message: cause instanceof Error ? cause.message : String(cause) });
    process.exit(wrongConfiguration);
  }
}

const { config, login } = readAll();
const judge = createJudge(config.messages);
const { tally, count } = startCounting(config.messages.map(({ subject }) => subject));
const stop = new AbortController();
for (const name of ['SIGTERM', 'SIGINT'] as const) process.once(name, () => stop.abort());

let bus: NatsConnection | undefined;
let isConnected = false;
let heartbeats = 0;
const facts = () => ({ tally, isConnected, heartbeats, now: new Date() });
await serve({
  port: config.port,
  health: () => judgeHealth(facts()),
  metrics: () => metricsText(facts()),
});

/** Hears messages until the signal, through every loss of the connection. */
async function listen(): Promise<void> {
  const opened = await openBus(login);
  log({ level: 'info', message: 'connected', messages: config.messages.length });
  watch({
    bus: opened,
    config,
    judge,
    log,
    count: (verdict) => {
      count(verdict, new Date());
      if (verdict.kind === 'violation' || verdict.kind === 'undeclared') {
        const { kind, ...found } = verdict;
        log({
          level: 'warning',
          message: `a message breaks its contract: ${kind}`,
          ...found,
          name: undefined,
        });
      }
    },
  });
  // Once NATS has the subscriptions, nothing is missed.
  await opened.flush();
  bus = opened;
  isConnected = true;
  for await (const status of opened.status()) {
    if (status.type === 'disconnect') isConnected = false;
    if (status.type === 'reconnect') isConnected = true;
    if (status.type === 'error') log({ level: 'warning', message: status.error.message });
  }
  if (!stop.signal.aborted) throw new Error('the connection to NATS was closed');
}

// Without a connection it would hear nothing for ever: it ends, and is started again.
void listen().catch((cause: unknown) => {
  log({ level: 'error', message: cause instanceof Error ? cause.message : String(cause) });
  process.exitCode = 1;
  stop.abort();
});

/** Its own heartbeat, and those of programs that cannot send one. */
async function beat(): Promise<void> {
  if (bus === undefined || !isConnected) return;
  const { containers, beating } = config;
  const others = await heartbeatsFor({ containers, beating, reach, now: new Date() });
  const own: Heartbeat = {
    service: self,
    timestamp: new Date().toISOString(),
    status: judgeHealth(facts()).level === 'ok' ? 'healthy' : 'degraded',
    metrics: { memory_mb: Math.round(process.memoryUsage.rss() / 2 ** 20) },
  };
  for (const heartbeat of [own, ...others]) {
    sendHeartbeat({ bus, config, heartbeat, id: randomUUID() });
    heartbeats += 1;
  }
}

while (!stop.signal.aborted) {
  await beat().catch((cause: unknown) => log({ level: 'warning', message: String(cause) }));
  // The first heartbeat follows the first connection soon.
  await sleep(heartbeats === 0 ? 1_000 : every, undefined, { signal: stop.signal }).catch(() => {});
}
await bus?.drain().catch(() => {});
process.exit();
