import { type Fields, optionalNumber } from '../../core/data.ts';
import { defined } from '../../core/defined.ts';
import type { BacklogAction, Policies } from './policy.ts';

type Written = {
  retention?: { time: number; size?: number };
  backlog?: { size?: number; time?: number; policy?: BacklogAction };
  offload?: { after: number; delete_after: number };
};

/** Policies of a manifest or contract, in seconds and bytes, as Pulsar has them. */
export function policiesIn(fields: Fields): Policies {
  const { retention, backlog, offload } = fields as Written;
  const { compatibility, deduplication, schemas_required } = fields;
  const action = backlog?.policy ?? 'hold';
  return defined({
    retention: retention && {
      minutes: Math.ceil(retention.time / 60),
      megabytes: retention.size === undefined ? -1 : Math.ceil(retention.size / 2 ** 20),
    },
    ttl: optionalNumber(fields, 'ttl'),
    backlog_size: backlog?.size === undefined ? undefined : { limit: backlog.size, action },
    backlog_time: backlog?.time === undefined ? undefined : { limit: backlog.time, action },
    compatibility: typeof compatibility === 'string' ? compatibility : undefined,
    deduplication: typeof deduplication === 'boolean' ? deduplication : undefined,
    schemas_required: typeof schemas_required === 'boolean' ? schemas_required : undefined,
    offload: offload && { after: offload.after, deleteAfter: offload.delete_after },
  }) as Policies;
}
