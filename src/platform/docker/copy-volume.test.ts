import { describe, expect, test } from 'vitest';
import { fakeEngine } from '../../../tests/fixtures/fake-engine.ts';
import { copyVolume } from './copy-volume.ts';

async function copyOn(status: number) {
  const engine = fakeEngine({ behaviour: { 'arc-sql-data-16-copy': { ends: status } } });
  engine.images.set('sha256:old', 'sha256:old');
  // Every Engine has it.
  await engine.createNetwork({ name: 'none', labels: {} });
  await engine.createVolume({ name: 'arc-sql-data', labels: { 'arc.project': 'arc' } });
  const copying = copyVolume({
    engine,
    source: 'arc-sql-data',
    target: 'arc-sql-data-16',
    image: 'sha256:old',
    signal: new AbortController().signal,
  });
  copying.catch(() => undefined);
  const left = async () => ({
    copies: (await engine.listVolumes())
      .filter(({ name }) => name !== 'arc-sql-data')
      .map(({ name, labels }) => ({ name, labels })),
    container: await engine.inspectContainer({ name: 'arc-sql-data-16-copy' }),
  });
  return { copy: () => copying, left };
}

describe('a copy of a volume', () => {
  test('has no labels of arc, and leaves no container', async () => {
    const { copy, left } = await copyOn(0);
    await copy();
    expect(await left()).toEqual({
      copies: [{ name: 'arc-sql-data-16', labels: {} }],
      container: undefined,
    });
  });

  test('that fails leaves nothing, and says why', async () => {
    const { copy, left } = await copyOn(1);
    await expect(copy()).rejects.toMatchObject({
      code: 'volume-copy-failed',
      message: 'The volume could not be copied: `cp` ended with status 1.',
    });
    expect(await left()).toEqual({ copies: [], container: undefined });
  });
});
