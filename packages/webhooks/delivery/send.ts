import type { Bus } from '../../contracts/typescript/connect.ts';
import { ContractError } from '../../contracts/typescript/problem.ts';
import type { Trace } from '../../contracts/typescript/trace.ts';
import type { Begin, Spans } from '../../spans/spans.ts';
import { messagesOf, type Saying } from '../events/messages.ts';
import type { Send } from './deliver.ts';

/** What became of one message. */
export type Tell = {
  published: (message: string) => void;
  /** It breaks its contract, which another attempt would not change. */
  dead: (problem: ContractError) => void;
};

/**
 * Publishes the messages of a webhook, one after the other. It returns once the streams have all of them; a stream that
 * has one already, by its id, keeps one.
 */
export function sender(options: {
  bus: Promise<Pick<Bus, 'publish' | 'putAside'>>;
  tell: Tell;
  now: () => Date;
  /** Each message is one, a part of the webhook's. */
  spans: Pick<Spans, 'within'>;
}): Send {
  const { tell, now, spans } = options;
  return async (received) => {
    const bus = await options.bus;
    for (const saying of messagesOf({ received, now: now() }))
      await spans.within({ ...spanOf(saying), parent: received.traceparent }, async (span) => {
        const problem = await publish({ bus, saying, trace: { traceparent: span.traceparent }, tell });
        if (problem !== undefined) span.fail(problem);
      });
  };
}

/** @returns why the message went to the dead letters */
async function publish(options: {
  bus: Pick<Bus, 'publish' | 'putAside'>;
  saying: Saying;
  trace: Trace;
  tell: Tell;
}): Promise<ContractError | undefined> {
  const { bus, saying, trace, tell } = options;
  const { contract } = saying;
  try {
    await bus.publish({ ...saying, trace });
    tell.published(contract.name);
    return undefined;
  } catch (cause) {
    if (!(cause instanceof ContractError)) throw cause;
    await bus.putAside({ ...saying, trace, cause });
    tell.dead(cause);
    return cause;
  }
}

/** Names are those of OpenTelemetry's conventions of messaging. */
function spanOf({ contract, id }: Saying): Begin {
  const subject = contract.nats?.subject ?? contract.name;
  return {
    name: `publish ${subject}`,
    kind: 'producer',
    attributes: {
      'messaging.system': 'nats',
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
      'messaging.destination.name': subject,
      'messaging.message.id': id,
      'arc.message': contract.name,
    },
  };
}
