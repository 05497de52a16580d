import type { Contract } from './contract.ts';
import { type Envelope, encode } from './envelope.ts';
import { type Link, toHeaders } from './link.ts';
import { ContractError } from './problem.ts';
import type { Trace } from './trace.ts';

/** What may be said about a message beside its data. */
export type PublishOptions = {
  /** Unique unless given. Whoever publishes the same again, gives the same id: a stream keeps one of them. */
  id?: string;
  /** When it happened; now unless given. */
  time?: Date;
  /** The trace of the message that is being handled, else a new one, unless given. */
  trace?: Trace;
};

/**
 * Publishes a message on the subject of its contract. Where a stream keeps the subject, it has it once this returns;
 * elsewhere delivery is at most once, as with NATS itself.
 *
 * @returns the message's id
 * @throws ContractError `invalid`, `not-a-publisher`, `no-channel`, `no-keys`; what the server or the network answers
 */
export async function publish<Data extends object>(
  link: Link,
  given: { contract: Contract<Data, object>; data: Data } & PublishOptions,
): Promise<string> {
  const { subject, stream, envelope } = await prepare(link, given);
  const { id, payload } = envelope;
  const options = { headers: toHeaders({ ...envelope.headers, 'Nats-Msg-Id': id }) };
  if (stream === undefined) link.connection.publish(subject, payload, options);
  else await link.stream.publish(subject, payload, options);
  link.counts.published += 1;
  return id;
}

/** Checks and encodes a message, and counts it where that fails. */
export async function prepare<Data extends object>(
  link: Link,
  given: { contract: Contract<Data, object>; data: Data } & PublishOptions,
): Promise<{ subject: string; stream: string | undefined; envelope: Envelope }> {
  const { contract } = given;
  try {
    if (contract.nats === undefined) {
      throw new ContractError({
        code: 'no-channel',
        contract: contract.name,
        message: 'it has no NATS subject',
      });
    }
    if (!contract.publishers.includes(link.role)) {
      throw new ContractError({
        code: 'not-a-publisher',
        contract: contract.name,
        message: `${link.role} does not publish it; ${contract.publishers.join(', ')} may`,
      });
    }
    const { subject, stream } = contract.nats;
    return { subject, stream, envelope: await encode({ ...given, role: link.role, keys: link.keys }) };
  } catch (error) {
    link.counts.refused += 1;
    throw error;
  }
}
