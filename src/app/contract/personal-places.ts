import type { Contracts, Message } from '../../contracts/model.ts';

/** Personal fields of a message, and where copies of it are kept. */
export type PersonalPlace = {
  message: string;
  /** JSON pointers. */
  fields: readonly string[];
  /** `NATS stream agent-outbox`, `persistent://arc/events/conversation`; empty where nothing keeps the message. */
  keptIn: readonly string[];
};

/** Every message with personal fields, in order of the contracts. What is encrypted there shares the user's key. */
export function personalPlaces({ messages }: Pick<Contracts, 'messages'>): readonly PersonalPlace[] {
  return messages.flatMap((message) =>
    message.personal === undefined
      ? []
      : [{ message: message.name, fields: message.personal.fields, keptIn: keepersOf(message) }],
  );
}

function keepersOf({ nats, pulsar }: Message): readonly string[] {
  return [
    ...(nats?.stream === undefined ? [] : [`NATS stream ${nats.stream}`]),
    ...(pulsar === undefined ? [] : [pulsar.url]),
  ];
}
