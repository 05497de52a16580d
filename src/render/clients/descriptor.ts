import { avroOf } from '../../contracts/avro.ts';
import type { FieldSchema } from '../../contracts/field-schema.ts';
import type { Message } from '../../contracts/model.ts';
import type { Data } from '../../core/data.ts';

/** What clients are told of a message beside its types, as plain data in a fixed order; absent is left out. */
export function descriptorOf(message: Message): Readonly<Record<string, Data>> {
  const { nats, personal, subscribers } = message;
  return plain({
    name: message.name,
    event: message.event,
    publishers: message.publishers.map(({ role }) => role),
    subscribers: subscribers.map(({ role, queue, consumer }) => ({
      role,
      queue,
      durable: consumer?.durable,
      deliveries: consumer?.max_deliver,
    })),
    nats: nats && { subject: nats.subject, stream: nats.stream, dead: nats.dead },
    personal: personal && { user: personal.user, fields: personal.fields },
  }) as Readonly<Record<string, Data>>;
}

/** The same for Pulsar. */
export function topicOf(message: Message): Readonly<Record<string, Data>> | undefined {
  const { pulsar, schema, type, domain, description } = message;
  if (pulsar === undefined) return undefined;
  return plain({
    url: pulsar.url,
    key: pulsar.key,
    avro: avroOf({ schema, name: type, namespace: `arc.${domain}`, doc: description }),
    subscriptions: pulsar.subscriptions.map(({ name, role, type, from, dead_letter }) => ({
      name,
      role,
      type,
      from,
      after: dead_letter?.after,
      dead: dead_letter?.url,
    })),
  }) as Readonly<Record<string, Data>>;
}

/** A schema without what is for people only: validators read it. */
export function bareSchema(schema: FieldSchema): Data {
  const { description: _, ...rest } = schema;
  switch (rest.type) {
    case 'object':
      return plain({
        type: rest.type,
        properties: Object.fromEntries(
          Object.entries(rest.properties).map(([name, inner]) => [name, bareSchema(inner)]),
        ),
        required: rest.required,
        additionalProperties:
          typeof rest.additionalProperties === 'boolean'
            ? rest.additionalProperties
            : bareSchema(rest.additionalProperties),
      });
    case 'array':
      return plain({ ...rest, items: bareSchema(rest.items) });
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return plain(rest);
    default:
      return rest satisfies never;
  }
}

/** Without what is undefined, as JSON has it. */
function plain(value: unknown): Data {
  return JSON.parse(JSON.stringify(value));
}
