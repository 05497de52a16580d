import { defined } from '../../../core/defined.ts';
import { call, callUnlessMissing, type PulsarServer } from '../client.ts';
import { type Properties, readMark } from '../mark.ts';
import type { Policies } from '../policy.ts';
import { limitFrom, retentionFrom, type WireLimit, type WireRetention } from './wire.ts';

type Asking = { server: PulsarServer; name: string; signal: AbortSignal };

/** All policies of a namespace in one answer, as far as arc knows them. */
type WirePolicies = {
  retention_policies?: WireRetention | null;
  message_ttl_in_seconds?: number | null;
  backlog_quota_map?: { destination_storage?: WireLimit; message_age?: WireLimit };
  schema_compatibility_strategy?: string;
  deduplicationEnabled?: boolean | null;
  schema_validation_enforced?: boolean;
  offload_threshold_in_seconds?: number;
  offload_deletion_lag_ms?: number | null;
  properties?: Properties;
};

/** A namespace; undefined if there is none. */
export async function readNamespace({ server, name, signal }: Asking) {
  const answer = await callUnlessMissing({ server, method: 'GET', path: `namespaces/${name}`, signal });
  if (answer === undefined) return undefined;
  const wire = answer as WirePolicies;
  return { policies: policiesFrom(wire), ...defined({ mark: readMark(wire.properties ?? {}) }) };
}

function policiesFrom(wire: WirePolicies): Policies {
  const { destination_storage: size, message_age: time } = wire.backlog_quota_map ?? {};
  const { schema_compatibility_strategy: compatibility, offload_threshold_in_seconds: after = -1 } = wire;
  return defined({
    retention: retentionFrom(wire.retention_policies),
    ttl: wire.message_ttl_in_seconds ?? undefined,
    backlog_size: limitFrom(size, 'limitSize'),
    backlog_time: limitFrom(time, 'limitTime'),
    compatibility: compatibility === 'UNDEFINED' ? undefined : compatibility,
    deduplication: wire.deduplicationEnabled ?? undefined,
    // Off is what Pulsar has where nobody has set it.
    schemas_required: wire.schema_validation_enforced === true ? true : undefined,
    offload: after < 0 ? undefined : { after, deleteAfter: (wire.offload_deletion_lag_ms ?? 0) / 1000 },
  }) as Policies;
}

/** The names of a tenant's namespaces: `arc/events`; none where there is no such tenant. */
export async function namespacesOf(options: {
  server: PulsarServer;
  tenant: string;
  signal: AbortSignal;
}): Promise<readonly string[]> {
  const { server, tenant, signal } = options;
  const found = await callUnlessMissing({ server, method: 'GET', path: `namespaces/${tenant}`, signal });
  return (found as readonly string[] | undefined) ?? [];
}

/** The driver of long-term storage that the broker was started with. */
export async function offloadDriverOf(options: Omit<Asking, 'name'>): Promise<string | undefined> {
  const configuration = (await call({
    ...options,
    method: 'GET',
    path: 'brokers/configuration/runtime',
  })) as Readonly<Record<string, string>>;
  return configuration.managedLedgerOffloadDriver || undefined;
}
