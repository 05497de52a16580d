import type { Contracts, Message } from '../../contracts/model.ts';
import { type ArcError, invalid } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';

/**
 * The message that a person names: by its name, its type in clients, its subject or its topic.
 *
 * @throws ArcError `unknown-message`
 */
export function findMessage(contracts: Contracts, wanted: string): Message {
  const found = contracts.messages.find((message) => namesOf(message).includes(wanted));
  if (found === undefined) throw unknownMessage(contracts, wanted);
  return found;
}

export function unknownMessage(
  contracts: Contracts,
  wanted: string,
  others: readonly string[] = [],
): ArcError {
  const meant = nearest(wanted, [...contracts.messages.flatMap(namesOf), ...others]);
  return invalid({
    code: 'unknown-message',
    message: `No contract has a message ${wanted}.`,
    suggestion: meant === undefined ? '`arc contract list` shows them' : `did you mean \`${meant}\`?`,
  });
}

function namesOf({ name, type, nats, pulsar }: Message): readonly string[] {
  return [
    name,
    type,
    ...(nats === undefined ? [] : [nats.subject]),
    ...(pulsar === undefined ? [] : [pulsar.url]),
  ];
}
