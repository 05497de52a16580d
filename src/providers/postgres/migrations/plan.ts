import type { Decider } from '../../../core/driver.ts';
import { decideMigrations, type MigrationsWork } from './decide.ts';
import type { MigrationsSpec, MigrationsState } from './model.ts';

/** What a step carries: the migrations as they are wanted, and which of them have to be applied. */
export type MigrationsStep = MigrationsWork & { spec: MigrationsSpec };

/** The pure half of what arc knows of migrations; it loads no client. */
export function migrationsDecider(): Decider<
  MigrationsSpec,
  MigrationsState,
  MigrationsWork,
  MigrationsStep
> {
  return {
    kind: 'database',
    decide: decideMigrations,
    steps: ({ wanted, decision }) => {
      if (wanted === undefined || (decision.kind !== 'create' && decision.kind !== 'change')) return [];
      const { kind: verb, cause, data = { pending: [], creates: false } } = decision;
      const { spec, owner } = wanted;
      return [{ verb, stage: 'make', cause, work: { ...data, spec }, ...(owner && { title: owner }) }];
    },
  };
}
