import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { SocketAddress } from '../../../core/socket-address.ts';
import {
  type Answer,
  connectFrame,
  decodeAnswer,
  lookupFrame,
  type Outgoing,
  producerFrame,
  type Schema,
  sendFrame,
} from './commands.ts';
import { commandsIn } from './frames.ts';
import type { Position } from './message-id.ts';

/**
 * Publishes one message with its schema, and waits until the broker keeps it. It speaks Pulsar's own protocol: neither
 * the WebSocket API, whose producers have no schema, nor the broker's REST API, which takes nothing for a topic with
 * deduplication, can publish where a contract requires both.
 *
 * @param options.topic one partition, or a topic without partitions: `persistent://arc/events/conversation-partition-0`
 * @throws what the broker refuses, in its words
 */
export async function sendMessage(options: {
  address: SocketAddress;
  topic: string;
  schema: Schema;
  message: Outgoing;
  signal: AbortSignal;
}): Promise<Position> {
  const { address, topic, schema, message, signal } = options;
  const { host, port } = address;
  const socket = connect({ host, port, signal });
  try {
    await once(socket, 'connect', { signal });
    const ask = dialogue(socket);
    await ask(connectFrame(), 'connected');
    // The broker serves a topic once somebody has looked it up.
    const { isHere } = await ask(lookupFrame({ topic, request: 1 }), 'found');
    if (!isHere) throw new Error('the topic is on another broker');
    const made = await ask(producerFrame({ topic, request: 2, schema }), 'producer');
    const { name: producer, schemaVersion } = made;
    const { ledger, entry } = await ask(sendFrame({ message, producer, schemaVersion }), 'kept');
    return { ledger, entry };
  } finally {
    socket.destroy();
  }
}

type AnswerOf<Kind extends Answer['kind']> = Extract<Answer, { kind: Kind }>;

/** Sends a command and waits for the answer of a kind. Commands that answer nothing, such as a ping, are passed over. */
function dialogue(
  socket: Socket,
): <Kind extends Answer['kind']>(command: Buffer, wanted: Kind) => Promise<AnswerOf<Kind>> {
  const take = commandsIn();
  let settle: { answer: (answer: Answer) => void; fail: (cause: unknown) => void } | undefined;
  let broken: unknown;
  const fail = (cause: unknown): void => {
    broken ??= cause;
    settle?.fail(broken);
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the broker closed the connection')));
  socket.on('data', (chunk: Buffer) => {
    // Nobody catches what a listener throws, and what comes may be no protocol of Pulsar.
    try {
      for (const bytes of take(chunk)) settle?.answer(decodeAnswer(bytes));
    } catch (cause) {
      fail(cause);
    }
  });
  return <Kind extends Answer['kind']>(command: Buffer, wanted: Kind) =>
    new Promise<AnswerOf<Kind>>((resolve, reject) => {
      if (broken !== undefined) return reject(broken);
      settle = {
        fail: reject,
        answer: (answer) => {
          if (isOf(answer, wanted)) resolve(answer);
          else if (answer.kind === 'refused') reject(new Error(answer.reason));
        },
      };
      socket.write(command);
    });
}

function isOf<Kind extends Answer['kind']>(answer: Answer, kind: Kind): answer is AnswerOf<Kind> {
  return answer.kind === kind;
}
