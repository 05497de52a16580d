import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageServer, Reading } from '../messages.ts';
import { call, openPulsar, type PulsarServer } from './client.ts';
import { explainRefusals } from './failure.ts';
import { deadTopicsOf } from './from-contracts.ts';
import { nameIn } from './names.ts';
import { openReader } from './reader.ts';

/** A broker that hangs keeps its connections, so arc asks now and then whether it still answers. */
const pauseMilliseconds = 15_000;

/** Shows messages as they arrive, by readers, until the signal is aborted. */
export function tailPulsar(given: MessageServer & Reading): Promise<void> {
  const { signal } = given;
  const server = openPulsar(given);
  const over = new AbortController();
  const until = AbortSignal.any([signal, over.signal]);
  return explainRefusals({ server, doing: 'read the messages' }, async () => {
    try {
      await Promise.race([
        watch({ server, signal: until }),
        Promise.all(topicUrls(given).map((url) => tailTopic({ given, server, url, signal: until }))),
      ]);
    } catch (cause) {
      if (!signal.aborted) throw cause;
    } finally {
      over.abort();
    }
  });
}

/** The topics of some messages, or of their dead letters: `persistent://arc/events/conversation`. */
export function topicUrls({ messages, dead }: Pick<Reading, 'messages' | 'dead'>): readonly string[] {
  const urls = messages.flatMap(({ pulsar }) => {
    if (pulsar === undefined) return [];
    return dead ? deadTopicsOf(pulsar).map((name) => `persistent://${name}`) : [pulsar.url];
  });
  return [...new Set(urls)];
}

async function tailTopic(options: {
  given: Reading;
  server: PulsarServer;
  url: string;
  signal: AbortSignal;
}): Promise<void> {
  const { given, server, url, signal } = options;
  using reader = await openReader({ server, topic: nameIn(url), url, from: 'latest', signal });
  for await (const { message, done } of reader.messages()) {
    given.onMessage(message);
    done();
  }
}

/** @throws once the broker does not answer */
async function watch({ server, signal }: { server: PulsarServer; signal: AbortSignal }): Promise<never> {
  for (;;) {
    await sleep(pauseMilliseconds, undefined, { signal });
    await call({ server, method: 'GET', path: 'brokers/ready', signal });
  }
}
