import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { media, onEitherEngine, onSecondEngine, withoutEngine } from '../../scripts/test/plan.ts';
import { repository } from '../support/run-arc.ts';

const planned = [...onSecondEngine, ...withoutEngine, ...onEitherEngine, ...media];

it('every planned file exists, because Vitest leaves out one that does not without a word', () => {
  expect(planned.filter((file) => !existsSync(join(repository, file)))).toEqual([]);
});

it('every planned file runs once', () => {
  expect(planned.toSorted()).toEqual([...new Set(planned)].toSorted());
});
