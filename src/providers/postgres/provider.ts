import type { InsideKind } from '../inside-kind.ts';
import type { Provider } from '../provider.ts';
import { migrationsKind } from './migrations/kind.ts';

/** PostgreSQL. */
export const postgres: Provider = {
  name: 'postgres',
  probe: { kind: 'postgres', ask: async (question) => (await import('./probe.ts')).askDatabase(question) },
  inside: [migrationsKind as InsideKind],
};
