/** A message of a topic. */
export type TopicMessage = {
  key: string | undefined;
  properties: Readonly<Record<string, string>>;
  data: Readonly<Record<string, unknown>>;
};

/**
 * Everything that one topic has, oldest first: read over Pulsar's WebSocket API until nothing more comes for a moment.
 *
 * @param topic such as `arc/events/livekit-webhooks-partition-0`
 */
export async function readTopic(topic: string): Promise<readonly TopicMessage[]> {
  const socket = new WebSocket(
    `ws://127.0.0.1:8082/ws/v2/reader/persistent/${topic}?messageId=earliest&readerName=test-${Date.now()}`,
  );
  const messages: TopicMessage[] = [];
  try {
    await new Promise<void>((resolve, reject) => {
      let silence = setTimeout(resolve, 2_000);
      socket.addEventListener('error', () => reject(new Error(`${topic} cannot be read`)));
      socket.addEventListener('message', ({ data }) => {
        clearTimeout(silence);
        silence = setTimeout(resolve, 500);
        const message = JSON.parse(String(data)) as {
          messageId: string;
          payload: string;
          key?: string;
          properties?: Record<string, string>;
        };
        messages.push({
          key: message.key,
          properties: message.properties ?? {},
          data: JSON.parse(Buffer.from(message.payload, 'base64').toString('utf8')),
        });
        socket.send(JSON.stringify({ messageId: message.messageId }));
      });
    });
  } finally {
    socket.close();
  }
  return messages;
}
