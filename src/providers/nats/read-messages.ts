import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import type { ArrivedMessage, MessageServer, Reading } from '../messages.ts';
import { withNats } from './client.ts';
import { explainRefusals } from './failure.ts';
import { serverFor, subjectOf } from './publish.ts';

/** Shows messages as they arrive. arc's own key may read every subject, and is in no queue group, so it takes nothing away. */
export function tailNats(given: MessageServer & Reading): Promise<void> {
  const { signal, onMessage } = given;
  const { server } = serverFor(given);
  return explainRefusals({ server, doing: 'read the messages' }, () =>
    withNats({ server, signal }, async (connection) => {
      const refused = Promise.withResolvers<never>();
      for (const subject of subjectsOf(given))
        connection.subscribe(subject, {
          callback: (error, message) => {
            if (error === null) onMessage(arrived(message));
            else refused.reject(error);
          },
        });
      const closed = await Promise.race([connection.closed(), refused.promise]);
      if (!signal.aborted) throw closed ?? new Error('the connection was closed');
    }),
  );
}

/** The subjects to read. */
export function subjectsOf({ messages, dead }: Pick<Reading, 'messages' | 'dead'>): readonly string[] {
  return messages.map((message) => (dead ? (message.nats?.dead ?? '') : subjectOf(message)));
}

function arrived(message: Msg): ArrivedMessage {
  return { subject: message.subject, headers: headersOf(message.headers), body: message.string() };
}

export function headersOf(headers: MsgHdrs | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries((headers?.keys() ?? []).map((key) => [key, headers?.get(key) ?? '']));
}
