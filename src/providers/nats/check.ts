import type { NatsConnection } from '@nats-io/transport-node';
import { checkBody } from '../../contracts/check-body.ts';
import type { ObjectSchema } from '../../contracts/field-schema.ts';
import { type Data, type Fields, textField } from '../../core/data.ts';
import type { Reply } from '../../core/probes/ask.ts';
import type { SocketAddress } from '../../core/socket-address.ts';
import { openNatsServer, withNats } from './client.ts';
import { answerOf } from './failure.ts';

/** Where the check's own messages go: nobody else may read or write there. */
const privatePrefix = '_ARC.health.';

/**
 * Sends an event of a contract from one end to the other on a subject of its own, and on the real subject, where the
 * server has to refuse it: so neither the way nor the rights are taken on trust, and nobody gets a made-up event.
 *
 * @param options.fields of the probe: `subject`, `body` and `schema` of a message
 */
export async function passEvent(options: {
  fields: Fields;
  address: SocketAddress;
  signal: AbortSignal;
}): Promise<Reply> {
  const { fields, address, signal } = options;
  const server = openNatsServer({ role: '', fields, address });
  const subject = textField(fields, 'subject');
  const schema = JSON.parse(textField(fields, 'schema')) as ObjectSchema;
  const body = textField(fields, 'body');
  try {
    return await withNats({ server, inbox: `${privatePrefix}inbox`, signal }, async (connection) => {
      const refusals = watchRefusals(connection);
      const arrived = await sendRound({ connection, subject: `${privatePrefix}${subject}`, body });
      const faults = checkBody({ schema, body: JSON.parse(arrived) as Data });
      if (faults.length > 0)
        return { ok: false, came: `what came back breaks its contract at ${faults[0]?.pointer}` };
      connection.publish(subject, body);
      await connection.flush();
      // What the server refuses it says before it answers.
      await new Promise((resolve) => setImmediate(resolve));
      return refusals.some((text) => text.includes(subject))
        ? { ok: true, came: 'the event came back, and where it may not go it was refused' }
        : { ok: false, came: `the server took an event on ${subject} from somebody who may not publish it` };
    });
  } catch (cause) {
    return { ok: false, came: answerOf(cause) };
  }
}

async function sendRound(options: {
  connection: NatsConnection;
  subject: string;
  body: string;
}): Promise<string> {
  const { connection, subject, body } = options;
  const messages = connection.subscribe(subject, { max: 1 });
  connection.publish(subject, body);
  for await (const message of messages) return message.string();
  throw new Error('the connection was closed before the event came back');
}

function watchRefusals(connection: NatsConnection): readonly string[] {
  const refusals: string[] = [];
  void (async () => {
    for await (const status of connection.status())
      if (status.type === 'error') refusals.push(status.error.message);
  })();
  return refusals;
}
