import type { Contracts } from '../../contracts/model.ts';
import { defined } from '../../core/defined.ts';
import type { Lag, MessageServer } from '../messages.ts';
import { readBacklogs } from './backlog.ts';
import { openPulsar } from './client.ts';
import { explainRefusals } from './failure.ts';

/** Every subscription in the contracts' tenants, with what is still to come to it. */
export function lagOfPulsar(given: MessageServer & { contracts: Contracts }): Promise<readonly Lag[]> {
  const { contracts, signal } = given;
  const server = openPulsar(given);
  return explainRefusals({ server, doing: 'read the subscriptions' }, async () => {
    const tenants = [...new Set(contracts.namespaces.map(({ tenant }) => tenant))];
    const backlogs = await Promise.all(
      tenants.map((tenant) => readBacklogs({ server, tenant, now: Date.now(), signal })),
    );
    return backlogs.flat().map(
      ({ topic, subscription, messages, unacknowledged, age }): Lag => ({
        ...{ system: 'pulsar', from: topic, consumer: subscription },
        pending: Math.max(0, messages - unacknowledged),
        unacknowledged,
        ...defined({ oldestSeconds: messages > 0 ? age : undefined }),
      }),
    );
  });
}
