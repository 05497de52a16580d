import { type Address, addressOf } from '../../core/resource.ts';

/** The database that something is in. Every server has `postgres`. */
export function needsDatabase(database: string): readonly Address[] {
  return database === 'postgres' ? [] : [addressOf('database', database)];
}

/** Roles that something names. Every server has those of PostgreSQL itself. */
export function needsRoles(roles: readonly string[]): readonly Address[] {
  return roles.filter((role) => !role.startsWith('pg_')).map((role) => addressOf('role', role));
}

/** Whether a resource is in a database, by what its kind wants of it. */
export function isIn(database: string, spec: unknown): boolean {
  return typeof spec === 'object' && spec !== null && 'database' in spec && spec.database === database;
}
