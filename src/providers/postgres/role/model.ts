import type { Secret } from '../../../core/secret.ts';
import type { Origin } from '../marks.ts';

/** What a role may be besides its name, each as the column of `pg_roles` without its `rol`. */
export type RoleFlags = {
  login: boolean;
  inherit: boolean;
  superuser: boolean;
  createdb: boolean;
  createrole: boolean;
  replication: boolean;
  bypassrls: boolean;
};

export type RoleAttributes = RoleFlags & {
  /** -1: none. */
  connectionLimit: number;
  /** Sorted. */
  memberOf: readonly string[];
};

export type RoleSpec = RoleAttributes & {
  name: string;
  /** Absent: arc leaves the password alone. */
  password?: Secret;
};

/** A role that exists. */
export type RoleState = RoleAttributes & {
  /** What the server keeps of its password: a SCRAM verifier, or an older kind of hash. */
  verifier: Secret | undefined;
  /** arc itself logs in as this role. */
  isAdministrator: boolean;
  mark: RoleMark | undefined;
  /** What would go with it, where nobody declares it any more. */
  has?: { owned: number; privileges: number };
};

/** What arc wrote down on a role when it set it. `applied`: a field as people see it; of the password its hash. */
export type RoleMark = { project: string; origin: Origin; applied: Readonly<Record<string, string>> };

export const roleFlags = [
  'login',
  'inherit',
  'superuser',
  'createdb',
  'createrole',
  'replication',
  'bypassrls',
] as const satisfies readonly (keyof RoleFlags)[];
