import type { UserKey } from '../contracts/seal.ts';
import type { Fields } from '../core/data.ts';
import type { SocketAddress } from '../core/socket-address.ts';

/** What `arc sql` does with a technology whose databases have migrations. */
export type SqlTools = {
  /** The kind in manifests: `postgres.migrations`. */
  provision: string;
  /** The kinds of resources: migrations of a database, and roles that log in. */
  kinds: { migrations: string; role: string };
  /** The database that migrations are of. */
  databaseOf: (migrations: unknown) => string;
  /** Reads which migrations are applied. */
  statuses: (given: {
    role: string;
    fields: Fields;
    address: SocketAddress;
    migrations: unknown;
    signal: AbortSignal;
  }) => Promise<readonly MigrationStatus[]>;
  /** The keys of users, which personal fields of messages are encrypted with. */
  userKeys: {
    /** Whether a user has one that is not destroyed. */
    has: (given: UserKeyRequest) => Promise<boolean>;
    /** The user's key; made where there is none. */
    of: (given: UserKeyRequest) => Promise<UserKey>;
    /** Destroys it. @returns when, as ISO 8601; undefined where there is none */
    destroy: (given: UserKeyRequest) => Promise<string | undefined>;
  };
  /** The kind in manifests that says how large vectors are. */
  vectors: string;
  /** The next migration, without a statement yet, or one that gives vectors another size. Pure. */
  draft: (given: {
    names: readonly string[];
    title: string;
    resize?: { columns: readonly string[]; dimensions: number } | undefined;
  }) => { name: string; text: string };
  /**
   * What runs a shell in the server's container. Pure.
   *
   * @param given.fields of a probe, with the administrator's keys
   * @param given.roles those that manifests declare
   * @param given.login that is to log in; the administrator unless given
   * @param given.port that the server listens on in its container
   */
  shell: (given: {
    fields: Fields;
    roles: readonly unknown[];
    login?: string | undefined;
    database: string | undefined;
    port: number;
    words: readonly string[];
  }) => SqlShell;
};

/** `fields` are of a probe, with the administrator's keys. */
export type UserKeyRequest = {
  role: string;
  fields: Fields;
  address: SocketAddress;
  database: string;
  user: string;
  signal: AbortSignal;
};

/** `known`: the roles that can log in, where the one that was asked for cannot. */
export type SqlShell =
  | { kind: 'command'; command: readonly string[]; environment: Readonly<Record<string, string>> }
  | { kind: 'unknown-role'; known: readonly string[] };

/**
 * - `pending`: not applied yet
 * - `applied`: as its file says
 * - `changed`: applied, and its file has been edited since
 * - `missing`: applied, and its file is gone
 */
export type MigrationStatus = {
  name: string;
  state: 'pending' | 'applied' | 'changed' | 'missing';
  /** When it was applied, as ISO 8601. */
  at?: string;
};
