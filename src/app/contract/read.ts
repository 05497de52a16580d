import { checkBody, type Violation } from '../../contracts/check-body.ts';
import type { Message } from '../../contracts/model.ts';
import type { Data } from '../../core/data.ts';
import { ArcError, exitStatus, type Problem } from '../../core/errors.ts';
import { inOrder } from '../../core/in-order.ts';
import { type MessageEvent, messageEvent } from '../../core/message-event.ts';
import { type ArrivedMessage, type MessageSystemName, messageSystemNames } from '../../providers/messages.ts';
import type { Context } from '../context.ts';
import { withRunningStack } from '../sql/running-stack.ts';
import { type MessageSystem, messageSystems, notOnSystem, placeOf } from './message-servers.ts';

/** Which messages are shown. */
export type Filter = {
  messages: readonly Message[];
  /** Only what is on this system. */
  on: MessageSystemName | undefined;
  dead: boolean;
  /** Only what breaks its contract. */
  invalid: boolean;
  /** Values by JSON pointer, as text. */
  where: ReadonlyMap<string, string>;
};

/**
 * Reads messages and shows those that a person asks for. Of a message that is on several systems it reads one: as they
 * arrive the first, and of what is kept the last, which keeps it for longer. Dead letters are read on each.
 *
 * @param options.since `now`: as they arrive, until somebody interrupts it; else those that are kept since then, or all
 * @param options.onEvent the next message that is kept is not read before it has ended
 * @throws ArcError `not-on-system` if none of the messages is on the system that is asked for, `not-running` if none of
 *   their systems runs; one that does not is a warning
 */
export async function readMessages(options: {
  context: Context;
  filter: Filter;
  since: 'now' | Date | undefined;
  onEvent: (event: MessageEvent) => Promise<void>;
}): Promise<void> {
  const { context, filter, since, onEvent } = options;
  return withRunningStack({
    context,
    use: async (found) => {
      const systems = messageSystems({ context, found });
      const readings = chooseSystems({ context, systems, filter, last: since !== 'now' });
      const show = async (reading: SystemReading, arrived: ArrivedMessage): Promise<void> => {
        const event = shown({ ...reading, arrived, filter });
        if (event !== undefined) await onEvent(event);
      };
      if (since === 'now') {
        await Promise.all(readings.map((reading) => tailSystem({ reading, filter, show })));
        return;
      }
      await inOrder<{ reading: SystemReading; arrived: ArrivedMessage }>({
        sources: readings.map(
          (reading) => (offer) =>
            replaySystem({ reading, filter, since, offer: (arrived) => offer({ reading, arrived }) }),
        ),
        rank: ({ arrived }) => arrived.time ?? '',
        take: ({ reading, arrived }) => show(reading, arrived),
      });
    },
  });
}

/** What is read on one system. */
type SystemReading = { system: MessageSystem; messages: readonly Message[] };

function chooseSystems(options: {
  context: Pick<Context, 'emit'>;
  systems: readonly MessageSystem[];
  filter: Filter;
  last: boolean;
}): readonly SystemReading[] {
  const { context, systems, filter, last } = options;
  const chosen = new Map<MessageSystem, Message[]>();
  const stopped = new Map<string, Problem>();
  const wanted = filter.dead && filter.on === undefined ? messageSystemNames : [filter.on];
  for (const message of filter.messages)
    for (const on of wanted) {
      const place = placeOf({ systems, message, wanted: on, last });
      if (place.kind === 'runs') chosen.set(place.system, [...(chosen.get(place.system) ?? []), message]);
      else if (place.kind === 'stopped') stopped.set(place.problem.message, place.problem);
    }
  const [problem, ...others] = stopped.values();
  const [message] = filter.messages;
  if (chosen.size === 0 && problem !== undefined)
    throw new ArcError({ problem: [problem, ...others], status: exitStatus.failed });
  if (chosen.size === 0 && message !== undefined) throw notOnSystem({ message, wanted: filter.on });
  for (const one of stopped.values()) context.emit({ type: 'warning', problem: one });
  return [...chosen].map(([system, messages]) => ({ system, messages }));
}

function tailSystem(options: {
  reading: SystemReading;
  filter: Filter;
  show: (reading: SystemReading, arrived: ArrivedMessage) => Promise<void>;
}): Promise<void> {
  const { reading, filter, show } = options;
  const { system, messages } = reading;
  const onMessage = (arrived: ArrivedMessage): void => void show(reading, arrived);
  return system.at((server) => system.tools.tail({ ...server, messages, dead: filter.dead, onMessage }));
}

function replaySystem(options: {
  reading: SystemReading;
  filter: Filter;
  since: Date | undefined;
  offer: (arrived: ArrivedMessage) => Promise<void>;
}): Promise<void> {
  const { reading, filter, since, offer: onMessage } = options;
  const { system, messages } = reading;
  const { dead } = filter;
  return system.at((server) => system.tools.replay({ ...server, messages, dead, since, onMessage }));
}

/** The event of a message, undefined where nobody asks for it. */
function shown(options: {
  arrived: ArrivedMessage;
  messages: readonly Message[];
  filter: Filter;
  system: MessageSystem;
}): MessageEvent | undefined {
  const { arrived, messages, filter, system } = options;
  const message =
    messages.find((one) => subjectsOf(one).includes(arrived.subject)) ??
    messages.find(({ event }) => event === arrived.headers['ce-type']);
  const { body, violations } = decode({ text: arrived.body, message });
  if (filter.invalid && violations.length === 0) return undefined;
  for (const [pointer, text] of filter.where) if (textAt(body, pointer) !== text) return undefined;
  const { subject, headers, time } = arrived;
  return messageEvent({
    system: system.tools.system,
    subject,
    message: message?.name,
    headers,
    body,
    violations,
    time,
  });
}

/** Subjects and topics of a message and of its dead letters. */
function subjectsOf({ nats, pulsar }: Message): readonly (string | undefined)[] {
  const dead = pulsar?.subscriptions.map(({ dead_letter }) => dead_letter?.url) ?? [];
  return [nats?.subject, nats?.dead, pulsar?.url, ...dead];
}

/** A body that is not JSON breaks every contract, and is shown as it is. */
function decode(options: { text: string; message: Message | undefined }): {
  body: Data;
  violations: readonly Violation[];
} {
  const { text, message } = options;
  let body: Data;
  try {
    body = JSON.parse(text) as Data;
  } catch {
    return { body: text, violations: [{ pointer: '', message: 'is not JSON' }] };
  }
  const violations = message === undefined ? [] : checkBody({ schema: message.schema, body, reading: true });
  return { body, violations };
}

/** What a JSON pointer leads to, as text; undefined if it leads nowhere. */
function textAt(body: Data, pointer: string): string | undefined {
  let at: Data | undefined = body;
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Readonly<Record<string, Data>>)[name];
  }
  return at === undefined ? undefined : typeof at === 'string' ? at : JSON.stringify(at);
}
