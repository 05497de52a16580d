import type { InsideKind } from '../inside-kind.ts';
import type { Provider } from '../provider.ts';
import { pulsarFromContracts } from './from-contracts.ts';
import { pulsarMessages } from './messages.ts';
import { namespaceKind } from './namespace/kind.ts';
import { pulsarProbe } from './probe.ts';
import { schemaKind } from './schema/kind.ts';
import { subscriptionKind } from './subscription/kind.ts';
import { tenantKind } from './tenant/kind.ts';
import { topicKind } from './topic/kind.ts';

/** Apache Pulsar. */
export const pulsar: Provider = {
  name: 'pulsar',
  probe: pulsarProbe,
  inside: [tenantKind, namespaceKind, topicKind, schemaKind, subscriptionKind] as readonly InsideKind[],
  fromContracts: pulsarFromContracts,
  messages: pulsarMessages,
};
