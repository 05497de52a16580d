import { callMilliseconds, type PulsarServer } from './client.ts';

// Pulsar's WebSocket API, which needs no client library. Producers of it have no schema, so a topic that requires one
// takes nothing of them; readers and consumers get whatever is there.

/** A message as the broker sends it. */
export type Received = {
  messageId: string;
  /** As Base64. */
  payload: string;
  properties: Readonly<Record<string, string>>;
  publishTime: string;
  redeliveryCount: number;
  key?: string;
};

export type Channel = Disposable & {
  send: (message: Readonly<Record<string, unknown>>) => void;
  /** Calls for each text that comes, until one is what was waited for. */
  until: <Value>(take: (message: unknown) => Value | undefined) => Promise<Value>;
  /** What comes, in its order. The broker holds back the rest while too many are not acknowledged. */
  messages: () => AsyncIterable<unknown>;
};

/**
 * Opens a producer, a consumer or a reader.
 *
 * @param options.path below `/ws/v2/`: `reader/persistent/arc/events/conversation?messageId=earliest`
 * @throws if the broker refuses it; it does not say why
 */
export async function openChannel(options: {
  server: PulsarServer;
  path: string;
  signal: AbortSignal;
}): Promise<Channel> {
  const { server, path, signal } = options;
  signal.throwIfAborted();
  const url = `${server.origin.replace(/^http/, 'ws')}/ws/v2/${path}`;
  const socket = new WebSocket(url);
  const failure = Promise.withResolvers<never>();
  // Whoever waits is told; nobody may be waiting.
  failure.promise.catch(() => undefined);
  const close = (): void => socket.close();
  signal.addEventListener('abort', close, { once: true });
  const opened = Promise.withResolvers<void>();
  const early: unknown[] = [];
  let onMessage = (message: unknown): void => {
    early.push(message);
  };
  socket.addEventListener('open', () => opened.resolve());
  socket.addEventListener('error', () =>
    failure.reject(new Error(`the broker refuses ${path.split('?')[0]}`)),
  );
  socket.addEventListener('close', () =>
    failure.reject(new Error(`the broker closed ${path.split('?')[0]}`)),
  );
  socket.addEventListener('message', ({ data }) => {
    // Nobody catches what a listener throws, and the broker may say something else than what is waited for.
    try {
      onMessage(JSON.parse(String(data)));
    } catch (cause) {
      failure.reject(cause);
    }
  });
  const late = setTimeout(
    () => failure.reject(new Error(`no answer within ${callMilliseconds / 1000} s`)),
    callMilliseconds,
  );
  try {
    await Promise.race([opened.promise, failure.promise]);
  } catch (cause) {
    signal.removeEventListener('abort', close);
    close();
    throw cause;
  } finally {
    clearTimeout(late);
  }
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    until: (take) => {
      const found = Promise.withResolvers<NonNullable<ReturnType<typeof take>>>();
      onMessage = (message) => {
        const value = take(message);
        if (value !== undefined && value !== null) found.resolve(value);
      };
      for (const message of early.splice(0)) onMessage(message);
      return Promise.race([found.promise, failure.promise]);
    },
    messages: async function* () {
      const queue = early.splice(0);
      let broken: { cause: unknown } | undefined;
      let wake = (): void => undefined;
      onMessage = (message) => {
        queue.push(message);
        wake();
      };
      failure.promise.catch((cause: unknown) => {
        broken = { cause };
        wake();
      });
      for (;;) {
        while (queue.length > 0) yield queue.shift();
        if (broken !== undefined) throw broken.cause;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', close);
      close();
    },
  };
}
