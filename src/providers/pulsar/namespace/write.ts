import { call, type PulsarServer } from '../client.ts';
import { markProperties, type PulsarMark } from '../mark.ts';
import type { Policies, Policy } from '../policy.ts';
import { readBack } from '../read-back.ts';
import { readNamespace } from './read.ts';
import { limitTo, quotaType, retentionTo } from './wire.ts';

type Writing = { server: PulsarServer; name: string; signal: AbortSignal };

export async function createNamespace({ server, name, signal }: Writing): Promise<void> {
  await call({ server, method: 'PUT', path: `namespaces/${name}`, body: {}, signal });
}

export async function deleteNamespace({ server, name, signal }: Writing): Promise<void> {
  await call({ server, method: 'DELETE', path: `namespaces/${name}`, signal });
}

/** Sets one policy, or takes it away where it is absent, and waits until the server shows it. */
export async function writePolicy(options: Writing & { policy: Policy; wanted: Policies }): Promise<void> {
  const { server, name, signal, policy, wanted } = options;
  for (const { method, path, body } of callsFor(policy, wanted)) {
    await call({ server, method, path: `namespaces/${name}/${path}`, body, signal });
  }
  await readBack({
    what: `policy ${policy} of the namespace ${name}`,
    role: server.role,
    wanted: isPulsarsDefault(policy, wanted) ? undefined : wanted[policy],
    read: async () => (await readNamespace({ server, name, signal }))?.policies[policy],
    signal,
  });
}

/** Pulsar does not tell `schemas_required: false` from none. */
function isPulsarsDefault(policy: Policy, wanted: Policies): boolean {
  return policy === 'schemas_required' && wanted.schemas_required === false;
}

type Request = { method: 'POST' | 'PUT' | 'DELETE'; path: string; body?: unknown };

function callsFor(policy: Policy, wanted: Policies): readonly Request[] {
  switch (policy) {
    case 'retention':
      return [orDelete('retention', retentionTo(wanted.retention))];
    case 'ttl':
      return [orDelete('messageTTL', wanted.ttl)];
    case 'backlog_size':
      return [orDelete(`backlogQuota?${quotaType(policy)}`, limitTo(wanted.backlog_size, 'limitSize'))];
    case 'backlog_time':
      return [orDelete(`backlogQuota?${quotaType(policy)}`, limitTo(wanted.backlog_time, 'limitTime'))];
    case 'deduplication':
      return [orDelete('deduplication', wanted.deduplication)];
    case 'compatibility':
      return [
        {
          method: 'PUT',
          path: 'schemaCompatibilityStrategy',
          body: wanted.compatibility ?? 'UNDEFINED',
        },
      ];
    case 'schemas_required':
      return [{ method: 'POST', path: 'schemaValidationEnforced', body: wanted.schemas_required ?? false }];
    case 'offload': {
      const { offload } = wanted;
      return [
        { method: 'PUT', path: 'offloadThresholdInSeconds', body: offload?.after ?? -1 },
        offload === undefined
          ? { method: 'DELETE', path: 'offloadDeletionLagMs' }
          : { method: 'PUT', path: 'offloadDeletionLagMs', body: offload.deleteAfter * 1000 },
      ];
    }
    default:
      return policy satisfies never;
  }
}

function orDelete(path: string, body: unknown): Request {
  return body === undefined ? { method: 'DELETE', path } : { method: 'POST', path, body };
}

/** Writes on the namespace that arc keeps it. The last step: a run that was interrupted does it again. */
export async function writeMark({
  server,
  name,
  signal,
  mark,
}: Writing & { mark: PulsarMark }): Promise<void> {
  await call({
    server,
    method: 'PUT',
    path: `namespaces/${name}/properties`,
    body: markProperties(mark),
    signal,
  });
}
