import { natsConsumers } from '../../contracts/nats-consumers.ts';
import type { Fields } from '../../core/data.ts';
import { defined } from '../../core/defined.ts';
import type { ContractProvision, ContractsFor } from '../provider.ts';

/**
 * Streams as the contracts have them, and a durable consumer for each service that runs and reads by one: in a stream
 * that keeps messages until they are acknowledged, a consumer that nobody reads fills it.
 */
export function natsFromContracts({ contracts, roles }: ContractsFor): readonly ContractProvision[] {
  const streams = contracts.streams.map(
    ({ name, location, domain: _, ...fields }): ContractProvision => ({
      kind: 'nats.stream',
      name,
      fields: defined(fields) as Fields,
      location,
    }),
  );
  const places = new Map(contracts.streams.map(({ name, location }) => [name, location]));
  const consumers = natsConsumers(contracts).flatMap(
    ({ role, stream, durable, ...fields }): readonly ContractProvision[] => {
      const location = places.get(stream);
      if (!roles.has(role) || location === undefined) return [];
      return [
        { kind: 'nats.consumer', name: `${stream}.${durable}`, fields: defined(fields) as Fields, location },
      ];
    },
  );
  return [...streams, ...consumers];
}
