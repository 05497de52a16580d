import { readFileSync } from 'node:fs';
import { jetstream } from '@nats-io/jetstream';
import { nkeyAuthenticator, nkeys } from '@nats-io/transport-node';
import { consume } from './consume.ts';
import type { Contract } from './contract.ts';
import { type OwnMessage, putOwnAside } from './dead-letter.ts';
import { dial, type Refused } from './dial.ts';
import type { Received } from './envelope.ts';
import type { Keys } from './keys.ts';
import type { Counts, Link, Subscription } from './link.ts';
import { type PublishOptions, publish } from './publish.ts';
import { reportStatus } from './report-status.ts';
import { request, respond } from './request.ts';
import { type Handle, subscribe } from './subscribe.ts';

/** A connection that speaks contracts: see the functions of the same names. */
export type Bus = {
  publish: <Data extends object>(
    given: { contract: Contract<Data, object>; data: Data } & PublishOptions,
  ) => Promise<string>;
  subscribe: <Data extends object>(given: {
    contract: Contract<Data, object>;
    handle: Handle<Data>;
  }) => Promise<Subscription>;
  consume: <Data extends object>(given: {
    contract: Contract<Data, object>;
    handle: Handle<Data>;
  }) => Promise<Subscription>;
  request: <Data extends object, Reply extends object>(
    given: { contract: Contract<Data, Reply>; data: Data; timeout: number } & PublishOptions,
  ) => Promise<Received<Reply>>;
  respond: <Data extends object, Reply extends object>(given: {
    contract: Contract<Data, Reply>;
    handle: (message: Received<Data>) => Promise<Reply> | Reply;
  }) => Promise<Subscription>;
  /** Puts a message of one's own aside that breaks its contract: see {@link putOwnAside}. */
  putAside: (given: OwnMessage) => Promise<void>;
  counts: () => Counts;
  /** Whether the server can be reached, as far as the connection knows. */
  isConnected: () => boolean;
  /** Handles what has arrived, sends what is still to be sent, and leaves. */
  drain: () => Promise<void>;
};

/**
 * Connects to NATS as a role, and stays connected: a lost connection is made again, for ever, and so is the first one,
 * since the server may start later. A refused key ends the first attempt, unless `refused` is given.
 *
 * @param options.role whose contracts it may use: `webhooks`
 * @param options.url `NATS_URL` unless given
 * @param options.seedFile file with the nkey's seed of the role; `NATS_SEED_FILE` unless given, and none where neither is
 * @param options.keys of users, for messages with personal fields
 * @param options.report gets what went wrong beside any call: dead letters, refusals by the server, lost connections, why
 *   there is none yet
 * @param options.refused gets a refused key, then and later, and nothing once the server takes it; for programs that have
 *   other work meanwhile, and try on
 * @throws Error where the server refuses the key and `refused` is not given, the seed file cannot be read, or holds no
 *   seed; TypeError where an address is malformed
 */
export async function connect(options: {
  role: string;
  url?: string | undefined;
  seedFile?: string | undefined;
  keys?: Keys | undefined;
  report?: ((problem: Error) => void) | undefined;
  refused?: Refused | undefined;
}): Promise<Bus> {
  const { role, url = process.env.NATS_URL, seedFile = process.env.NATS_SEED_FILE, keys, refused } = options;
  const report = options.report ?? ((problem) => void process.stderr.write(`${problem.message}\n`));
  const seed = seedFile === undefined ? undefined : readSeed(seedFile);
  const connection = await dial({
    ...{ role, refused, report },
    settings: {
      ...(url === undefined ? {} : { servers: url.split(',') }),
      ...(seed === undefined ? {} : { authenticator: nkeyAuthenticator(seed) }),
      name: role,
      inboxPrefix: inboxOf(role),
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      // Once it was taken, a key that is refused is one that somebody may put back.
      ignoreAuthErrorAbort: true,
      // A server that is paused says nothing: two missed answers, and the connection counts as lost.
      pingInterval: 5_000,
    },
  });
  let isConnected = true;
  void reportStatus({
    statuses: connection.status(),
    ...{ role, report, refused },
    onChange: (does) => {
      isConnected = does;
    },
  });
  const counts: Counts = { published: 0, refused: 0, received: 0, dead: 0 };
  const link: Link = {
    connection,
    stream: jetstream(connection),
    role,
    keys,
    counts,
    open: new Set(),
    report,
    isConnected: () => isConnected,
  };
  return {
    publish: (given) => publish(link, given),
    subscribe: (given) => subscribe(link, given),
    consume: (given) => consume(link, given),
    request: (given) => request(link, given),
    respond: (given) => respond(link, given),
    putAside: (given) => putOwnAside({ link, ...given }),
    counts: () => ({ ...counts }),
    isConnected: () => isConnected,
    drain: async () => {
      await Promise.all([...link.open].map((subscription) => subscription.drain()));
      await connection.drain();
    },
  };
}

/** @throws Error where the file cannot be read, or holds no seed of an nkey */
function readSeed(file: string): Uint8Array {
  const seed = new TextEncoder().encode(readFileSync(file, 'utf8').trim());
  try {
    nkeys.fromSeed(seed);
  } catch (cause) {
    throw new Error(`${file} holds no seed of an nkey`, { cause });
  }
  return seed;
}

/** Where answers to a role arrive. Nobody else may listen there. */
export function inboxOf(role: string): string {
  return `_INBOX_${role}`;
}
