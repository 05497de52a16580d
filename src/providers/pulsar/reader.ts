import type { ArrivedMessage } from '../messages.ts';
import type { PulsarServer } from './client.ts';
import { decodeMessageId, type MessageId } from './protocol/message-id.ts';
import { type Channel, openChannel, type Received } from './web-socket.ts';

/** Messages that the broker sends ahead, so that a large topic does not fill the memory. */
const atOnce = 100;

/** A message of a topic, and how to say that it is read: then the broker sends a further one. */
export type ReadMessage = { id: MessageId; message: ArrivedMessage; done: () => void };

/**
 * A reader: it has no subscription that lasts, so it takes nothing away from anybody, and nothing waits for it.
 *
 * @param options.topic below `persistent://`
 * @param options.url of the topic, without a partition: where messages are said to come from
 * @param options.from `earliest`, `latest`, or the id of the message before the first
 */
export async function openReader(options: {
  server: PulsarServer;
  topic: string;
  url: string;
  from: string;
  signal: AbortSignal;
}): Promise<Disposable & { messages: () => AsyncIterable<ReadMessage> }> {
  const { server, topic, url, from, signal } = options;
  const path = `reader/persistent/${topic}?messageId=${encodeURIComponent(from)}&receiverQueueSize=${atOnce}`;
  const channel = await openChannel({ server, path, signal });
  return {
    messages: () => read({ channel, url }),
    [Symbol.dispose]: () => channel[Symbol.dispose](),
  };
}

async function* read(options: { channel: Channel; url: string }): AsyncGenerator<ReadMessage, void> {
  const { channel, url } = options;
  for await (const one of channel.messages()) {
    const received = receivedIn(one);
    const { messageId, payload, properties, publishTime } = received;
    yield {
      id: decodeMessageId(messageId),
      message: {
        subject: url,
        headers: properties,
        body: Buffer.from(payload, 'base64').toString(),
        time: new Date(publishTime).toISOString(),
      },
      done: () => channel.send({ messageId }),
    };
  }
}

/** @throws if it is no message */
function receivedIn(one: unknown): Received {
  const { messageId, payload, publishTime, properties = {} } = (one ?? {}) as Partial<Received>;
  if (messageId === undefined || payload === undefined || publishTime === undefined)
    throw new Error('the broker sent something else than a message');
  return { ...(one as Received), messageId, payload, publishTime, properties };
}
