import type { Compatibility, Contracts, Message, Party } from './model.ts';
import { readFaults } from './read-faults.ts';

/** What a newer version of the contracts does to one message. */
export type Change = {
  message: string;
  /** `/user_id` of the body, or what else is other: `subject`, `topic`, `publishers`. */
  at: string;
  /** `old messages, new readers: is not always there, and readers require it` */
  text: string;
  /** It breaks a publisher or a reader of the older version. */
  breaks: boolean;
};

/**
 * Compares two versions of all contracts, as those who use the older one see it: what they read, what they write, and
 * where. Whether a change of a schema breaks them is decided by the compatibility that the older version promises.
 *
 * @returns changes in order of message; none for what is the same
 */
export function compareContracts(options: { before: Contracts; after: Contracts }): readonly Change[] {
  const { before, after } = options;
  const names = [...new Set([...before.messages, ...after.messages].map(({ name }) => name))].toSorted();
  return names.flatMap((name) => {
    const old = before.messages.find((message) => message.name === name);
    const now = after.messages.find((message) => message.name === name);
    if (old === undefined) return [{ message: name, at: 'message', text: 'is new', breaks: false }];
    if (now === undefined)
      return [{ message: name, at: 'message', text: `is gone${usedBy(old)}`, breaks: true }];
    return [
      ...placeChanges(old, now),
      ...rightChanges(old, now),
      ...schemaChanges({ old, now, mode: compatibilityOf(before, old) }),
    ];
  });
}

/** What a message promises: as its namespace on Pulsar says; on NATS alone, both sides may be of either version. */
export function compatibilityOf(contracts: Contracts, message: Message): Compatibility {
  const namespace = contracts.namespaces.find(({ name }) => name === message.pulsar?.namespace);
  return namespace?.compatibility ?? 'FULL';
}

function usedBy(message: Message): string {
  const roles = partiesOf(message).map(({ role }) => role);
  return roles.length === 0 ? '' : `, and used by ${[...new Set(roles)].join(', ')}`;
}

function partiesOf({ publishers, subscribers, pulsar }: Message): readonly Party[] {
  return [...publishers, ...subscribers, ...(pulsar?.subscriptions ?? [])];
}

/** Where it is: who is of the older version does not find it elsewhere. */
function placeChanges(old: Message, now: Message): readonly Change[] {
  const place = (at: string, from: string | undefined, to: string | undefined): readonly Change[] => {
    if (from === to) return [];
    const text =
      from === undefined
        ? `is new: ${to}`
        : to === undefined
          ? `was ${from}, and is gone`
          : `was ${from}, and is ${to}`;
    return [{ message: old.name, at, text, breaks: from !== undefined }];
  };
  const [before, after] = [old.pulsar?.partitions, now.pulsar?.partitions];
  return [
    ...place('subject', old.nats?.subject, now.nats?.subject),
    ...place('reply', old.nats?.reply, now.nats?.reply),
    ...place('topic', old.pulsar?.url, now.pulsar?.url),
    ...(old.pulsar === undefined || now.pulsar === undefined
      ? []
      : place('key', old.pulsar.key, now.pulsar.key).map((change) => ({ ...change, breaks: true }))),
    ...(before !== undefined && after !== undefined && before !== after
      ? [
          {
            message: old.name,
            at: 'partitions',
            text:
              after < before
                ? `were ${before}, and Pulsar cannot make them ${after}`
                : `were ${before}, and are ${after}: keys move, and their order begins again`,
            breaks: after < before,
          },
        ]
      : []),
  ];
}

/** Who may use it: whoever loses a right is broken by that. */
function rightChanges(old: Message, now: Message): readonly Change[] {
  const rights = (at: string, before: readonly string[], after: readonly string[]): readonly Change[] => {
    const lost = before.filter((one) => !after.includes(one));
    const won = after.filter((one) => !before.includes(one));
    return [
      ...lost.map((one) => ({ message: old.name, at, text: `${one} is no longer one`, breaks: true })),
      ...won.map((one) => ({ message: old.name, at, text: `${one} is a new one`, breaks: false })),
    ];
  };
  const roles = (parties: readonly Party[]): readonly string[] => parties.map(({ role }) => role);
  const subscriptions = ({ pulsar }: Message): readonly string[] =>
    (pulsar?.subscriptions ?? []).map(({ name, type }) => `${name} (${type})`);
  return [
    ...rights('publishers', roles(old.publishers), roles(now.publishers)),
    ...rights('subscribers', roles(old.subscribers), roles(now.subscribers)),
    ...rights('subscriptions', subscriptions(old), subscriptions(now)),
    ...personalChanges(old, now),
  ];
}

/** A reader of the older version does not know that a field is encrypted. */
function personalChanges(old: Message, now: Message): readonly Change[] {
  const before = old.personal?.fields ?? [];
  const after = now.personal?.fields ?? [];
  const change = (text: string) => (at: string) => ({ message: old.name, at, text, breaks: true });
  return [
    ...after.filter((field) => !before.includes(field)).map(change('is encrypted now')),
    ...before.filter((field) => !after.includes(field)).map(change('is not encrypted any more')),
  ];
}

function schemaChanges(options: { old: Message; now: Message; mode: Compatibility }): readonly Change[] {
  const { old, now, mode } = options;
  const changes = (direction: 'BACKWARD' | 'FORWARD'): readonly Change[] => {
    const [reader, writer, words] =
      direction === 'BACKWARD'
        ? [now, old, 'old messages, new readers']
        : [old, now, 'new messages, old readers'];
    return readFaults({ reader: reader.schema, writer: writer.schema }).map(({ pointer, message }) => ({
      message: old.name,
      at: pointer,
      text: `${words}: ${message}`,
      breaks: mode === 'FULL' || mode === direction,
    }));
  };
  return [...changes('BACKWARD'), ...changes('FORWARD')];
}
