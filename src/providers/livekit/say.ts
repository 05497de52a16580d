import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataPacket_Kind, type RoomServiceClient } from 'livekit-server-sdk';
import type { SayOutcome } from '../agents.ts';
import type { KeyPair } from './server.ts';

/** Topic of an order, and the attribute by which an agent tells what became of it. packages/voice/agent reads both. */
const topic = 'arc.say';

/** How long an agent takes an order for valid. */
const validMilliseconds = 30_000;

const lookMilliseconds = 100;

/**
 * An order to say something. Anybody in a room can send data to an agent, and whom it came from is not told of those who
 * have left; so only the holder of the API's secret, which the agent has too, can sign one. Pure.
 *
 * @param options.until milliseconds since 1970
 */
export function signedOrder(options: {
  id: string;
  room: string;
  text: string;
  until: number;
  secret: string;
}): string {
  const { id, room, text, until, secret } = options;
  const signature = createHmac('sha256', secret)
    .update(JSON.stringify([topic, id, room, until, text]))
    .digest('base64url');
  return JSON.stringify({ id, room, text, until, signature });
}

/** Sends an order to one agent, and follows the attribute until the sentence is over. */
export async function sayInRoom(options: {
  client: RoomServiceClient;
  server: KeyPair;
  room: string;
  identity: string;
  text: string;
  patience: number;
  signal: AbortSignal;
}): Promise<SayOutcome> {
  const { client, server, room, identity, text, patience, signal } = options;
  const id = randomUUID();
  const until = Date.now() + validMilliseconds;
  const order = signedOrder({ id, room, text, until, secret: server.apiSecret.reveal() });
  await client.sendData(room, new TextEncoder().encode(order), DataPacket_Kind.RELIABLE, {
    topic,
    destinationIdentities: [identity],
  });
  const end = performance.now() + patience;
  while (performance.now() < end) {
    const { attributes } = await client.getParticipant(room, identity);
    const [of, state] = (attributes[topic] ?? '').split(':');
    if (of === id && (state === 'said' || state === 'interrupted' || state === 'refused')) return state;
    await sleep(lookMilliseconds, undefined, { signal });
  }
  return 'unanswered';
}
