import { expect, it } from 'vitest';
import { fakeEngine } from '../../../../tests/fixtures/fake-engine.ts';
import { failed } from '../../../core/errors.ts';
import { guardEngine } from './guard.ts';

const volume = { name: 'arc-cache-data', labels: {} };

it('changes something only while the lock is held', async () => {
  const engine = fakeEngine();
  let held = true;
  const lock = {
    confirm: async () => {
      if (!held) throw failed({ code: 'lock-lost', message: 'Another arc took over.' });
    },
  };
  const guarded = guardEngine({ engine, lock });
  await guarded.createVolume(volume);
  held = false;
  await expect(guarded.removeVolume(volume)).rejects.toMatchObject({ code: 'lock-lost' });
  expect(engine.calls).toEqual(['create volume arc-cache-data']);
});

it('looks at the Engine without it', async () => {
  const engine = fakeEngine();
  const lock = {
    confirm: () => Promise.reject(failed({ code: 'lock-lost', message: 'Another arc took over.' })),
  };
  expect(await guardEngine({ engine, lock }).listVolumes()).toEqual([]);
});
