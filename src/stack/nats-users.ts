import type { Contracts, Message } from '../contracts/model.ts';
import { type NatsRights, natsInbox, natsRights } from '../contracts/nats-rights.ts';
import type { Data } from '../core/data.ts';
import type { Guarded } from './guarded.ts';
import type { WorkspaceIndex } from './workspace-index.ts';

/** What templates have as `contracts.nats`. */
export type NatsValues = {
  /** One for each role that the contracts name, and whose manifest has a seed for it. */
  users: readonly (NatsRights & { inbox: string; seed: Guarded })[];
  /** Some message that goes through NATS, for a check; null if there is none. */
  example: { subject: string; body: Data; schema: Message['schema'] } | null;
};

/**
 * The users of NATS. Which services run now does not count: so the server keeps its configuration while they come and
 * go. The seed of a role is the secret `<role>_nats_seed`.
 */
export function natsValues(options: {
  contracts: Contracts;
  index: WorkspaceIndex;
  isAbsent: (role: string) => boolean;
  secrets: Readonly<Record<string, Guarded>>;
}): NatsValues {
  const { contracts, index, isAbsent, secrets } = options;
  const roles = new Set([...index.entries.keys()].filter((role) => !isAbsent(role)));
  return {
    example: exampleOf(contracts),
    users: natsRights({ contracts, roles }).flatMap((rights) => {
      const seed = secrets[seedOf(rights.role)];
      return seed === undefined ? [] : [{ ...rights, inbox: natsInbox(rights.role), seed }];
    }),
  };
}

function exampleOf({ messages }: Contracts): NatsValues['example'] {
  for (const { nats, schema, examples } of messages) {
    const [body] = examples;
    if (nats !== undefined && body !== undefined) return { subject: nats.subject, body, schema };
  }
  return null;
}

/** `sql_backup_nats_seed` of `sql-backup`. */
export function seedOf(role: string): string {
  return `${role.replaceAll('-', '_')}_nats_seed`;
}
