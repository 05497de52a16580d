import type { JsMsg } from '@nats-io/jetstream';
import type { Contract } from './contract.ts';
import { type Arrived, letterOf } from './dead-letter.ts';
import { type Link, toHeaders } from './link.ts';
import { ContractError } from './problem.ts';
import { arrivedIn, decodeArrived, type Handle } from './subscribe.ts';
import { withTrace } from './trace.ts';

/**
 * How long a message waits before it is delivered again: 1 s, 4 s, 16 s, then a minute. So five deliveries outlast a
 * server that starts again, and a dead letter that comes again is within the time that a stream recognises it.
 *
 * @param deliveries that it has had
 * @returns milliseconds
 */
export function againAfter(deliveries: number): number {
  return Math.min(1_000 * 4 ** (deliveries - 1), 60_000);
}

/**
 * Handles a message of a stream, and tells the server what became of it.
 *
 * @param options.deliveries of one message before it is a dead letter. The server has no such limit: what it has given up
 *   nobody gets, and a dead letter that no stream takes has to come again.
 * @param options.ackMilliseconds how long the server waits for a word
 */
export async function settle<Data extends object>(options: {
  link: Link;
  contract: Contract<Data, object>;
  handle: Handle<Data>;
  message: JsMsg;
  deliveries: number;
  ackMilliseconds: number;
}): Promise<void> {
  const { link, contract, handle, message, deliveries, ackMilliseconds } = options;
  const arrived = arrivedIn(message);
  const { deliveryCount } = message.info;
  link.counts.received += 1;
  const working = setInterval(() => {
    if (!link.connection.isClosed()) message.working();
  }, ackMilliseconds / 3);
  try {
    const received = await decodeArrived({ link, contract, arrived });
    // Its deliveries are used up: a handler failed each time, or ended with its program.
    if (deliveryCount > deliveries)
      throw failed(contract.name, new Error(`it was delivered ${deliveries} times, and never acknowledged`));
    await withTrace(received.trace, async () => handle(received)).catch((cause: unknown) => {
      throw failed(contract.name, cause);
    });
    message.ack();
  } catch (cause) {
    const isBroken = cause instanceof ContractError && (cause.code === 'invalid' || cause.code === 'damaged');
    const isDead = isBroken || deliveryCount >= deliveries;
    if (isDead && (await isKept({ link, contract, arrived, message, cause }))) message.term('dead letter');
    else message.nak(againAfter(deliveryCount));
  } finally {
    clearInterval(working);
  }
}

/** A failure of the handler, also where its own messages broke their contract. */
function failed(contract: string, cause: unknown): ContractError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new ContractError({ code: 'handler', contract, message, cause });
}

/** Puts a message aside, and says whether a stream has it now. */
async function isKept(options: {
  link: Link;
  contract: Contract<object, object>;
  arrived: Arrived;
  message: JsMsg;
  cause: unknown;
}): Promise<boolean> {
  const { link, contract, arrived, message, cause } = options;
  const { stream, streamSequence } = message.info;
  const { subject, headers, problem } = letterOf({
    link,
    contract,
    arrived,
    cause,
    unnamed: `${stream}-${streamSequence}`,
  });
  try {
    await link.stream.publish(subject, arrived.payload, { headers: toHeaders(headers) });
  } catch (refusal) {
    const reason = refusal instanceof Error ? refusal.message : String(refusal);
    link.report(
      new Error(`${contract.name}: a dead letter could not be kept, so the message comes again: ${reason}`, {
        cause: refusal,
      }),
    );
    return false;
  }
  link.counts.dead += 1;
  link.report(problem);
  return true;
}
