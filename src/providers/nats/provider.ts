import type { InsideKind } from '../inside-kind.ts';
import type { Provider } from '../provider.ts';
import { consumerKind } from './consumer/kind.ts';
import { natsFromContracts } from './from-contracts.ts';
import { natsMessages } from './messages.ts';
import { natsProbe } from './probe.ts';
import { streamKind } from './stream/kind.ts';

/** NATS, with the streams that it keeps (JetStream). */
export const nats: Provider = {
  name: 'nats',
  probe: natsProbe,
  inside: [streamKind, consumerKind] as readonly InsideKind[],
  fromContracts: natsFromContracts,
  messages: natsMessages,
};
