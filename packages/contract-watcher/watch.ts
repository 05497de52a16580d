import { connect, headers, type NatsConnection, nkeyAuthenticator } from '@nats-io/transport-node';
import type { Config, Login } from './config.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Judge, Verdict } from './judge.ts';

/**
 * Connects, however long NATS is away, and stays connected until it is closed.
 *
 * @throws what NATS answers to a key that it does not know
 */
export async function openBus(login: Login): Promise<NatsConnection> {
  return connect({
    servers: login.url,
    name: 'watcher',
    authenticator: nkeyAuthenticator(login.seed),
    inboxPrefix: '_INBOX_watcher',
    waitOnFirstConnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 1_000,
    // Without an answer for so long, the connection is taken for dead: two pings of this many milliseconds.
    pingInterval: 10_000,
  });
}

/** Hears every subject of every domain. What it hears waits for nobody: it is a copy. */
export function watch(options: {
  bus: NatsConnection;
  config: Config;
  judge: Judge;
  count: (verdict: Verdict) => void;
  log: (fields: Readonly<Record<string, unknown>>) => void;
}): void {
  const { bus, config, judge, count, log } = options;
  for (const domain of config.domains) {
    bus.subscribe(`${domain}.>`, {
      callback: (error, message) => {
        if (error !== null) log({ level: 'error', message: error.message, domain });
        else
          count(
            judge({
              subject: message.subject,
              data: message.data,
              event: message.headers?.get('ce-type') ?? '',
            }),
          );
      },
    });
  }
}

/** Sends a heartbeat as the contracts have events: a CloudEvent in binary mode. */
export function sendHeartbeat(options: {
  bus: NatsConnection;
  config: Config;
  heartbeat: Heartbeat;
  id: string;
}): void {
  const { bus, config, heartbeat, id } = options;
  const event = config.messages.find(({ subject }) => subject === config.heartbeat)?.event ?? '';
  const head = headers();
  head.set('ce-specversion', '1.0');
  head.set('ce-id', id);
  head.set('ce-type', event);
  head.set('ce-source', `/arc/${heartbeat.reported_by ?? heartbeat.service}`);
  head.set('ce-time', heartbeat.timestamp);
  bus.publish(config.heartbeat, JSON.stringify(heartbeat), { headers: head });
}
