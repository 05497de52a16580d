import { createHash, randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { createClient } from '@redis/client';
import type { Bus } from './bus.ts';

/** The Redis that a server and its workers share. */
export type RedisSettings = { address: string; username?: string; password?: string; db?: number };

export type RedisBus = Bus & {
  /** Whether both connections work now. */
  isReady(): boolean;
  /** @throws when Redis does not answer in time */
  ping(): Promise<void>;
  close(): Promise<void>;
};

/** How long a request is remembered as taken, in seconds: `lockExpiration` of psrpc's `bus_redis.go`. */
const lockSeconds = 5;
/** Every command has an answer by then, or fails. Milliseconds. */
const commandLimit = 2_000;
/** Between attempts to connect again. Milliseconds. */
const reconnectAfter = 500;

/**
 * Two connections, for one that listens can do nothing else. After a loss both come back by themselves, and what was
 * subscribed is subscribed again; while Redis is away every command fails at once, so that nothing is said late.
 *
 * @param options.report told of every loss of a connection, once however long it lasts
 * @throws when Redis cannot be reached, or refuses the login
 */
export async function redisBus(options: {
  redis: RedisSettings;
  report: (cause: unknown) => void;
}): Promise<RedisBus> {
  const { redis, report } = options;
  const [host, port] = hostAndPort(redis.address);
  let connected = false;
  const commands = createClient({
    socket: {
      host,
      port,
      connectTimeout: commandLimit,
      // Until the first success it is an error of the configuration, and the worker says so by ending.
      reconnectStrategy: (_, cause) => (connected ? reconnectAfter : cause),
    },
    ...(redis.username ? { username: redis.username } : {}),
    ...(redis.password ? { password: redis.password } : {}),
    database: redis.db ?? 0,
    disableOfflineQueue: true,
    // Notices a peer that is gone without a word.
    pingInterval: 5_000,
    commandOptions: { timeout: commandLimit },
  });
  const listener = commands.duplicate();
  for (const client of [commands, listener]) reportOnce(client, report);
  try {
    await Promise.all([commands.connect(), listener.connect()]);
  } catch (cause) {
    commands.destroy();
    if (listener.isOpen) listener.destroy();
    throw cause;
  }
  connected = true;

  return {
    publish: async (channel, bytes) => {
      await commands.publish(channel, Buffer.from(bytes));
    },
    subscribe: async (channel, listen) => {
      let listening = true;
      const heard = (bytes: Buffer): void => {
        if (listening) listen(bytes);
      };
      await listener.subscribe(channel, heard, true);
      return async () => {
        listening = false;
        // Without a connection there is nothing to end.
        await listener.unsubscribe(channel, heard, true).catch(report);
      };
    },
    takeOnce: async (bytes) => {
      const key = createHash('sha256').update(bytes).digest('base64');
      const taken = await commands.set(key, randomUUID(), {
        expiration: { type: 'EX', value: lockSeconds },
        condition: 'NX',
      });
      return taken !== null;
    },
    isReady: () => commands.isReady && listener.isReady,
    ping: async () => {
      await commands.ping();
    },
    close: async () => {
      for (const client of [listener, commands]) client.destroy();
    },
  };
}

/** Each attempt to connect again is an error of its own, two a second: a log that is full of them shows nothing else. */
function reportOnce(client: EventEmitter, report: (cause: unknown) => void): void {
  let isReported = false;
  client.on('error', (cause) => {
    if (!isReported) report(cause);
    isReported = true;
  });
  client.on('ready', () => {
    isReported = false;
  });
}

/** `arc-cache:6379`, `[::1]:6379`. */
function hostAndPort(address: string): [host: string, port: number] {
  const { hostname, port } = new URL(`redis://${address}`);
  return [hostname.replace(/^\[|\]$/g, ''), Number(port || 6379)];
}
