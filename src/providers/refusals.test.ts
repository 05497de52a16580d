import { expect, test } from 'vitest';
import { invalid } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { explained } from './refusals.ts';

const refusals = {
  ...{ code: 'database-refused', role: 'sql', doing: 'read the roles' },
  secrets: [new Secret('hunter2-hunter2')],
  answer: (cause: unknown) => `28P01 ${(cause as Error).message}`,
  suggestion: () => 'arc logs sql',
};

test('an answer that is a refusal says what was done and where, without a secret', async () => {
  const asked = explained(refusals, async () => {
    throw new Error('hunter2-hunter2 is wrong');
  });
  await expect(asked).rejects.toMatchObject({
    problems: [
      {
        ...{ code: 'database-refused', message: 'arc could not read the roles in sql.' },
        ...{ detail: ['28P01 [redacted] is wrong'], suggestion: 'arc logs sql' },
      },
    ],
  });
});

test('a problem that is explained already stays as it is', async () => {
  const problem = invalid({ code: 'no-quota', message: 'No quota.' });
  await expect(explained(refusals, () => Promise.reject(problem))).rejects.toBe(problem);
});
