import { randomBytes, randomUUID } from 'node:crypto';
import type { Message } from '../../contracts/model.ts';
import { sealBody, userOf } from '../../contracts/seal.ts';
import type { Data } from '../../core/data.ts';
import { failed, invalid } from '../../core/errors.ts';
import type { MessageSystemName, Published } from '../../providers/messages.ts';
import type { Context } from '../context.ts';
import { onlyOne, sqlDatabases } from '../sql/databases.ts';
import { type RunningStack, requireServer, withRunningStack } from '../sql/running-stack.ts';
import { identityOf, messageSystems, placeOf, runningAt } from './message-servers.ts';

/** What became of a message, and by which id and trace it is found again. */
export type PublishedMessage = Published & { system: MessageSystemName; id: string; trace: string };

/**
 * Publishes a body that satisfies its contract.
 *
 * @param options.as role whose key and rights are used; arc's own otherwise
 * @param options.on the system that it is published on; the first that runs of those that the message is on otherwise
 * @throws ArcError `not-on-system`, `not-running`, `not-permitted`, and what the server refuses
 */
export function publishMessage(options: {
  context: Context;
  message: Message;
  body: Data;
  as?: string | undefined;
  on?: MessageSystemName | undefined;
}): Promise<PublishedMessage> {
  const { context, message, body, as, on: wanted } = options;
  return withRunningStack({
    context,
    use: async (found) => {
      const place = placeOf({ systems: messageSystems({ context, found }), message, wanted });
      const { tools, at } = runningAt({ place, message, wanted });
      if (as !== undefined && !tools.knowsRoles) requirePublisher({ message, role: as });
      const identity =
        as === undefined || !tools.knowsRoles ? {} : { as: identityOf({ context, found, role: as }) };
      const sealed = await sealPersonal({ context, found, message, body });
      const id = randomUUID();
      const trace = randomBytes(16).toString('hex');
      const headers = headersOf({ message, id, trace, source: as ?? 'arc' });
      const sent = await at((server) =>
        tools.publish({ ...server, ...identity, message, body: JSON.stringify(sealed), headers }),
      );
      return { ...sent, system: tools.system, id, trace };
    },
  });
}

/** The body as the clients would send it: personal fields encrypted with the key of the user that it names. */
async function sealPersonal(options: {
  context: Context;
  found: RunningStack;
  message: Message;
  body: Data;
}): Promise<Data> {
  const { context, found, message, body } = options;
  const { personal, name } = message;
  if (personal === undefined) return body;
  const user = userOf({ personal, body });
  if (user === undefined) {
    throw invalid({
      code: 'bad-body',
      message: `${name} has personal fields, and the body names no user at ${personal.user}.`,
      suggestion: 'name whose key they are to be encrypted with',
    });
  }
  const databases = sqlDatabases({ stack: found.stack });
  const { database, resource, tools } = onlyOne(databases, (one) => one.database);
  const { at, fields } = resource.access;
  requireServer({ running: found.running, resource });
  await using address = await found.reach(at, context.signal);
  const { signal } = context;
  const key = await tools.userKeys.of({ role: at.role, fields, address, database, user, signal });
  return sealBody({ message: { name, personal }, body, user, key });
}

/** Where the server knows nobody, arc does what the clients do: it holds a role to its contracts. */
function requirePublisher({ message, role }: { message: Message; role: string }): void {
  if (message.publishers.some((party) => party.role === role)) return;
  throw failed({
    code: 'not-permitted',
    message: `${role} may not publish ${message.name}.`,
    suggestion: `name it among the \`publishers\` of ${message.name} in ${message.location.file}`,
  });
}

/** CloudEvents in binary mode, W3C's trace context, and the id by which a stream recognises repetitions. */
function headersOf(options: {
  message: Message;
  id: string;
  trace: string;
  source: string;
}): Readonly<Record<string, string>> {
  const { message, id, trace, source } = options;
  return {
    'ce-specversion': '1.0',
    'ce-id': id,
    'ce-type': message.event,
    'ce-source': source,
    'ce-time': new Date().toISOString(),
    'content-type': 'application/json',
    traceparent: `00-${trace}-${randomBytes(8).toString('hex')}-01`,
    'Nats-Msg-Id': id,
  };
}
