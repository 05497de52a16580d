import { expect, test } from 'vitest';
import type { EngineImages } from './engine-images.ts';
import { lookUpOnce } from './looked-up-images.ts';

/** Answers with a number that says which call it was. */
function counting(): { engineImages: EngineImages; calls: string[][] } {
  const calls: string[][] = [];
  const observe: EngineImages['observe'] = async (references) => {
    calls.push([...references]);
    const id = `call ${calls.length}`;
    return () => ({ id, labels: {}, digests: {}, names: [], pinned: [], bytes: 0, created: '' });
  };
  return { engineImages: { observe } as EngineImages, calls };
}

test('what was looked up is not asked for again, by tag or by digest', async () => {
  const { engineImages, calls } = counting();
  const looked = await lookUpOnce({ engineImages, references: ['redis:8.2', 'quay.io/minio/minio:x'] });
  expect((await looked.observe(['redis:8.2']))('redis:8.2')?.id).toBe('call 1');
  expect((await looked.observe([`docker.io/library/redis@sha256:${'a'.repeat(64)}`]))('redis:8.2')?.id).toBe(
    'call 1',
  );
  expect(calls).toHaveLength(1);
});

test('another repository is asked for, and so is all that is asked with it', async () => {
  const { engineImages, calls } = counting();
  const looked = await lookUpOnce({ engineImages, references: ['redis:8.2'] });
  expect((await looked.observe(['redis:8.2', 'traefik:v3']))('redis:8.2')?.id).toBe('call 2');
  expect(calls).toEqual([['redis:8.2'], ['redis:8.2', 'traefik:v3']]);
});
