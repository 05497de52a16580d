import { type Msg, RequestError } from '@nats-io/transport-node';
import type { Contract } from './contract.ts';
import { asProblem, putAside } from './dead-letter.ts';
import { encode, type Received } from './envelope.ts';
import { type Link, listen, type Subscription, toHeaders, track } from './link.ts';
import { ContractError } from './problem.ts';
import { type PublishOptions, prepare } from './publish.ts';
import { arrivedIn, decodeArrived, subscriptionOf } from './subscribe.ts';
import { withTrace } from './trace.ts';

/** As NATS' own services name them, so that its tools show them. */
const errorHeader = 'Nats-Service-Error';
const codeHeader = 'Nats-Service-Error-Code';

/**
 * Asks, and waits for the answer that the contract names.
 *
 * @param given.timeout milliseconds
 * @throws ContractError `refused` where the other side answered with an error, `invalid` where question or answer break
 *   their contract; what NATS throws where nobody listens or nobody answers in time
 */
export async function request<Data extends object, Reply extends object>(
  link: Link,
  given: { contract: Contract<Data, Reply>; data: Data; timeout: number } & PublishOptions,
): Promise<Received<Reply>> {
  const { contract, timeout } = given;
  const reply = replyOf(contract);
  const { subject, envelope } = await prepare(link, given);
  const headers = toHeaders(envelope.headers);
  const answer = await link.connection.request(subject, envelope.payload, { timeout, headers });
  link.counts.published += 1;
  link.counts.received += 1;
  const arrived = arrivedIn(answer);
  const error = arrived.headers[errorHeader];
  if (error) throw new ContractError({ code: 'refused', contract: contract.name, message: error });
  return decodeArrived({ link, contract: reply, arrived });
}

/** Whether nobody listened for a request at all. */
export function nobodyListens(error: unknown): boolean {
  return error instanceof RequestError && error.isNoResponders();
}

/**
 * Answers the requests of a contract. Where one breaks its contract, or `handle` fails, the asker gets an error at once,
 * and the request becomes a dead letter.
 *
 * @returns once the server knows of it
 * @throws ContractError `not-a-subscriber`, `no-channel`; what the server or the network answers
 */
export async function respond<Data extends object, Reply extends object>(
  link: Link,
  given: { contract: Contract<Data, Reply>; handle: (message: Received<Data>) => Promise<Reply> | Reply },
): Promise<Subscription> {
  const { contract, handle } = given;
  const reply = replyOf(contract);
  const { subject, subscriber } = subscriptionOf(link, contract);
  const messages = await listen({ link, subject, queue: subscriber.queue });
  const answering = new Set<Promise<void>>();
  const handling = (async () => {
    for await (const message of messages) {
      // Requests are answered side by side: a slow one does not hold up the others.
      const work = answer({ link, contract, reply, handle, message }).catch(link.report);
      answering.add(work);
      void work.finally(() => answering.delete(work));
    }
    await Promise.all(answering);
  })().catch(link.report);
  return track({ link, stop: () => messages.drain(), handling });
}

async function answer<Data extends object, Reply extends object>(options: {
  link: Link;
  contract: Contract<Data, Reply>;
  reply: Contract<Reply>;
  handle: (message: Received<Data>) => Promise<Reply> | Reply;
  message: Msg;
}): Promise<void> {
  const { link, contract, reply, handle, message } = options;
  const arrived = arrivedIn(message);
  link.counts.received += 1;
  try {
    const received = await decodeArrived({ link, contract, arrived });
    const { trace } = received;
    const data = await withTrace(trace, () => handle(received));
    const { headers, payload } = await encode({
      contract: reply,
      data,
      role: link.role,
      keys: link.keys,
      trace,
    });
    message.respond(payload, { headers: toHeaders(headers) });
    link.counts.published += 1;
  } catch (cause) {
    const { code, path } = asProblem(contract.name, cause);
    const headers = toHeaders({
      [errorHeader]: `${code}${path === '' ? '' : ` ${path}`}`,
      [codeHeader]: code,
    });
    message.respond('', { headers });
    putAside({ link, contract, arrived, cause });
  }
}

function replyOf<Reply extends object>(contract: Contract<object, Reply>): Contract<Reply> {
  if (contract.reply !== undefined) return contract.reply();
  throw new ContractError({ code: 'no-channel', contract: contract.name, message: 'it names no answer' });
}
