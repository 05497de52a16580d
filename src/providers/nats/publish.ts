import { jetstream } from '@nats-io/jetstream';
import {
  type NatsConnection,
  headers as newHeaders,
  PermissionViolationError,
} from '@nats-io/transport-node';
import { natsInbox } from '../../contracts/nats-rights.ts';
import { failed } from '../../core/errors.ts';
import type { MessageServer, OutgoingMessage, Published } from '../messages.ts';
import { callMilliseconds, openNatsServer, withNats } from './client.ts';
import { explainRefusals } from './failure.ts';

/** The way into a server for who talks to it. */
export function serverFor({ role, fields, address, as }: MessageServer) {
  const server = openNatsServer({ role, fields, address });
  return as === undefined ? { server } : { server: { ...server, seed: as.seed }, inbox: natsInbox(as.role) };
}

/** Publishes one message, and waits until its stream has kept it, or else until the server has taken it. */
export function publishToNats(given: MessageServer & OutgoingMessage): Promise<Published> {
  const { message, as, signal } = given;
  const subject = subjectOf(message);
  const { server, inbox } = serverFor(given);
  return explainRefusals({ server, doing: `publish ${message.name}` }, () =>
    withNats({ server, signal, ...(inbox === undefined ? {} : { inbox }) }, async (connection) => {
      const refused = refusalOf(connection);
      const sent = send({ given, connection, subject }).catch(unlessRefused);
      const outcome = await Promise.race([sent, refused]);
      if (outcome !== 'refused') return outcome;
      throw failed({
        code: 'not-permitted',
        message: `${as?.role ?? 'arc'} may not publish ${subject}.`,
        suggestion: `name it among the \`publishers\` of ${message.name} in ${message.location.file}, and run \`arc up ${given.role}\``,
      });
    }),
  );
}

export function subjectOf({ name, nats }: OutgoingMessage['message']): string {
  if (nats === undefined) throw new Error(`${name} does not go through NATS`);
  return nats.subject;
}

async function send(options: {
  given: OutgoingMessage;
  connection: NatsConnection;
  subject: string;
}): Promise<Published> {
  const { given, connection, subject } = options;
  const headers = newHeaders();
  for (const [name, value] of Object.entries(given.headers)) headers.set(name, value);
  if (given.message.nats?.stream === undefined) {
    connection.publish(subject, given.body, { headers });
    await connection.flush();
    // What the server refuses it says before it answers.
    await new Promise((resolve) => setImmediate(resolve));
    return { subject };
  }
  const { stream, seq } = await jetstream(connection).publish(subject, given.body, {
    headers,
    timeout: callMilliseconds,
  });
  return { subject, kept: { stream, sequence: seq } };
}

/** A call whose request is not allowed fails with it. */
function unlessRefused(cause: unknown): 'refused' {
  const isRefusal = (error: unknown): boolean =>
    error instanceof PermissionViolationError || (error instanceof Error && isRefusal(error.cause));
  if (isRefusal(cause)) return 'refused';
  throw cause;
}

/** Settles once the server says that something is not allowed. */
async function refusalOf(connection: NatsConnection): Promise<'refused'> {
  for await (const status of connection.status())
    if (status.type === 'error' && status.error instanceof PermissionViolationError) return 'refused';
  return new Promise(() => undefined);
}
