import { expect, it } from 'vitest';
import { limitsOf } from './drift-limits.ts';

it('no limit is the same however the Engine writes it', () => {
  const none = limitsOf({ RestartPolicy: { Name: 'no' } });
  expect(
    limitsOf({ Memory: 0, NanoCpus: 0, PidsLimit: -1, CpusetCpus: '', RestartPolicy: { Name: '' } }),
  ).toEqual(none);
});

it('limits are said in words', () => {
  expect(
    limitsOf({
      Memory: 512e6,
      NanoCpus: 15e8,
      PidsLimit: 100,
      RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 },
    }),
  ).toEqual({ memory: '512 MB', cpus: '1.5', pids: '100', 'restart policy': 'on-failure:3' });
});
