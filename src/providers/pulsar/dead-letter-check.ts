import { randomUUID } from 'node:crypto';
import type { Reply } from '../../core/probes/ask.ts';
import { call, type PulsarServer } from './client.ts';
import { openChannel, type Received } from './web-socket.ts';

/**
 * Sends an event, refuses it twice, and finds it among the dead letters. Each check reads by a subscription of its own,
 * so that two at the same time do not take each other's.
 *
 * @param options.topic `health/checks/events`
 * @param options.dead the topic of its dead letters
 */
export async function checkDeadLetters(options: {
  server: PulsarServer;
  topic: string;
  dead: string;
  signal: AbortSignal;
}): Promise<Reply> {
  const { server, topic, dead, signal } = options;
  const id = randomUUID();
  const path = `persistent/${topic}/subscription/check-${id}`;
  const latest = { ledgerId: '9223372036854775807', entryId: '9223372036854775807', partitionIndex: -1 };
  await call({ server, method: 'PUT', path, body: latest, signal });
  try {
    const deadUrl = encodeURIComponent(`persistent://${dead}`);
    const how = `subscriptionType=Shared&maxRedeliverCount=1&negativeAckRedeliveryDelay=50&deadLetterTopic=${deadUrl}`;
    const open = (to: string) => openChannel({ server, path: to, signal });
    using letters = await open(`reader/persistent/${dead}?messageId=latest`);
    using consumer = await open(`consumer/persistent/${topic}/check-${id}?${how}`);
    using producer = await open(`producer/persistent/${topic}`);
    const began = performance.now();
    const since = (): number => Math.round(performance.now() - began);
    const sent = producer.until((answer) => (answer as { result: string }).result);
    producer.send({ payload: Buffer.from(id).toString('base64'), properties: { check: id } });
    const result = await sent;
    if (result !== 'ok') return { ok: false, came: `the broker did not take the event: ${result}` };
    let arrived = 0;
    const letter = letters.until((message) => {
      const { properties, messageId } = message as Received;
      letters.send({ messageId });
      return properties.check === id ? since() : undefined;
    });
    const refused = consumer.until((message) => {
      const { messageId } = message as Received;
      if (arrived === 0) arrived = since();
      consumer.send({ type: 'negativeAcknowledge', messageId });
      return undefined;
    });
    const after = await Promise.race([letter, refused.then((): number => 0)]);
    return {
      ok: true,
      came: `an event arrived after ${arrived} ms, and was a dead letter after ${after} ms`,
    };
  } finally {
    // Also where the time is up.
    const rest = AbortSignal.timeout(2_000);
    await call({ server, method: 'DELETE', path: `${path}?force=true`, signal: rest }).catch(() => undefined);
  }
}
