import type { Msg, MsgHdrs } from '@nats-io/transport-node';
import type { Contract, Subscriber } from './contract.ts';
import { type Arrived, putAside } from './dead-letter.ts';
import { decode, type Received } from './envelope.ts';
import { type Link, listen, type Subscription, track } from './link.ts';
import { ContractError } from './problem.ts';
import { withTrace } from './trace.ts';

export type Handle<Data> = (message: Received<Data>) => Promise<void> | void;

/**
 * Receives the messages of a contract, one after the other, in the queue group that the contract gives this role. What
 * breaks the contract, and what `handle` fails on, goes to the dead-letter subject.
 *
 * @returns once the server knows of it
 * @throws ContractError `not-a-subscriber`, `no-channel`; what the server or the network answers
 */
export async function subscribe<Data extends object>(
  link: Link,
  given: { contract: Contract<Data, object>; handle: Handle<Data> },
): Promise<Subscription> {
  const { contract, handle } = given;
  const { subject, subscriber } = subscriptionOf(link, contract);
  const messages = await listen({ link, subject, queue: subscriber.queue });
  const handling = (async () => {
    for await (const message of messages) await receive({ link, contract, handle, message });
  })().catch(link.report);
  return track({ link, stop: () => messages.drain(), handling });
}

/** Where a role receives a contract's messages. */
export function subscriptionOf(
  link: Link,
  contract: Contract<object, object>,
): { subject: string; subscriber: Subscriber } {
  const { name, nats, subscribers } = contract;
  if (nats === undefined) {
    throw new ContractError({ code: 'no-channel', contract: name, message: 'it has no NATS subject' });
  }
  const subscriber = subscribers.find(({ role }) => role === link.role);
  if (subscriber === undefined) {
    throw new ContractError({
      code: 'not-a-subscriber',
      contract: name,
      message: `${link.role} does not subscribe to it; ${subscribers.map(({ role }) => role).join(', ')} may`,
    });
  }
  return { subject: nats.subject, subscriber };
}

async function receive<Data extends object>(options: {
  link: Link;
  contract: Contract<Data, object>;
  handle: Handle<Data>;
  message: Msg;
}): Promise<void> {
  const { link, contract, handle, message } = options;
  const arrived = arrivedIn(message);
  link.counts.received += 1;
  try {
    const received = await decodeArrived({ link, contract, arrived });
    await withTrace(received.trace, () => handle(received));
  } catch (cause) {
    putAside({ link, contract, arrived, cause });
  }
}

export function decodeArrived<Data extends object>(options: {
  link: Pick<Link, 'keys'>;
  contract: Contract<Data, object>;
  arrived: Arrived;
}): Promise<Received<Data>> {
  const { link, contract, arrived } = options;
  const header = (name: string): string | undefined => arrived.headers[name];
  return decode({ contract, payload: arrived.payload, header, keys: link.keys });
}

/** A message of NATS without its methods. */
export function arrivedIn(message: {
  subject: string;
  data: Uint8Array;
  headers?: MsgHdrs | undefined;
}): Arrived {
  const { subject, data, headers } = message;
  const names = headers?.keys() ?? [];
  return {
    subject,
    payload: data,
    headers: Object.fromEntries(names.map((name) => [name, headers?.get(name) ?? ''])),
  };
}
