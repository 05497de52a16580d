import { randomInt } from 'node:crypto';
import { avroOfMessage } from '../../contracts/avro.ts';
import { stepsOf } from '../../contracts/pointer.ts';
import { type Data, optionalText, textField } from '../../core/data.ts';
import { failed } from '../../core/errors.ts';
import type { MessageServer, OutgoingMessage, Published } from '../messages.ts';
import { callMilliseconds, callUnlessMissing, openPulsar, type PulsarServer } from './client.ts';
import { explainRefusals } from './failure.ts';
import { nameIn } from './names.ts';
import { partitionOf, partitionUrl } from './partition.ts';
import type { Schema } from './protocol/commands.ts';
import { sendMessage } from './protocol/send.ts';
import { isSameSchema } from './schema/decide.ts';
import { partitionsOf } from './topics.ts';

/** Publishes one message with the schema that the broker has, and waits until the broker keeps it. */
export function publishToPulsar(given: MessageServer & OutgoingMessage): Promise<Published> {
  const { message, body, headers, fields, signal } = given;
  const { pulsar } = message;
  if (pulsar === undefined) throw new Error(`${message.name} does not go through Pulsar`);
  const server = openPulsar(given);
  return explainRefusals({ server, doing: `publish ${message.name}` }, async () => {
    const schema = await schemaOf({ server, message, signal });
    const partitions = await partitionsOf({ server, name: nameIn(pulsar.url), signal });
    const key = pulsar.key === undefined ? undefined : keyIn(JSON.parse(body) as Data, pulsar.key);
    const partition = partitions === 0 ? undefined : choosePartition({ key, partitions });
    const topic = partition === undefined ? pulsar.url : partitionUrl(pulsar.url, partition);
    await using address = await given.reach(
      optionalText(fields, 'local_clients') ?? textField(fields, 'clients'),
    );
    const { ledger, entry } = await sendMessage({
      address,
      topic,
      schema,
      message: {
        payload: Buffer.from(body),
        ...(key !== undefined && { key }),
        properties: headers,
        time: Date.now(),
      },
      signal: AbortSignal.any([signal, AbortSignal.timeout(callMilliseconds)]),
    });
    return { subject: pulsar.url, kept: { topic, position: `${ledger}:${entry}` } };
  });
}

/**
 * The schema in the registry, by which whoever reads the message understands it.
 *
 * @throws ArcError `schema-differs` if it is not that of the contract
 */
async function schemaOf(options: {
  server: PulsarServer;
  message: OutgoingMessage['message'];
  signal: AbortSignal;
}): Promise<Schema> {
  const { server, message, signal } = options;
  const path = `schemas/${nameIn(message.pulsar?.url ?? '')}/schema`;
  const found = (await callUnlessMissing({ server, method: 'GET', path, signal })) as
    | { type: string; data: string }
    | undefined;
  if (found?.type === 'JSON' && isSameSchema(JSON.parse(found.data), avroOfMessage(message)))
    return { type: 'JSON', data: found.data };
  throw failed({
    code: 'schema-differs',
    message: `${server.role} has ${found === undefined ? 'no schema' : 'another schema'} for ${message.name} than its contract.`,
    suggestion: `run \`arc up ${server.role}\`, which uploads the schema of the contract`,
  });
}

function choosePartition({ key, partitions }: { key: string | undefined; partitions: number }): number {
  return key === undefined ? randomInt(partitions) : partitionOf({ key, partitions });
}

/** The text that a pointer leads to; other values are no keys. */
function keyIn(body: Data, pointer: string): string | undefined {
  let at: Data | undefined = body;
  for (const name of stepsOf(pointer))
    at = typeof at === 'object' && at !== null ? (at as Readonly<Record<string, Data>>)[name] : undefined;
  return typeof at === 'string' && at !== '' ? at : undefined;
}
