import type { InsideKind } from '../inside-kind.ts';
import type { Provider } from '../provider.ts';
import { databaseKind } from './database/kind.ts';
import { extensionKind } from './extension/kind.ts';
import { grantsKind } from './grants/kind.ts';
import { holdWrites } from './hold.ts';
import { migrationsKind } from './migrations/kind.ts';
import { roleKind } from './role/kind.ts';
import { sharedMemoryProblems } from './shared-memory.ts';
import { sqlTools } from './sql.ts';
import { vectorKind } from './vector/kind.ts';

/** PostgreSQL. */
export const postgres: Provider = {
  name: 'postgres',
  probe: { kind: 'postgres', ask: async (question) => (await import('./probe.ts')).askDatabase(question) },
  holdWrites,
  inside: [
    databaseKind,
    extensionKind,
    roleKind,
    migrationsKind,
    vectorKind,
    grantsKind,
  ] as readonly InsideKind[],
  configProblems: sharedMemoryProblems,
  sql: sqlTools,
};
