import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseScratchLimit, sizeOf, watchScratch } from './scratch-space.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'arc-scratch-'));
});
afterEach(() => rmSync(root, { recursive: true }));

test('counts the files of all recordings, and nothing where there is no folder', async () => {
  mkdirSync(join(root, 'EG_a'));
  writeFileSync(join(root, 'EG_a', 'recording.part'), 'x'.repeat(1_000));
  writeFileSync(join(root, 'job.json'), 'x'.repeat(24));
  expect(await sizeOf(root)).toBe(1_024);
  expect(await sizeOf(join(root, 'nowhere'))).toBe(0);
});

test('is full from the limit on, and says so at once', async () => {
  writeFileSync(join(root, 'a'), 'x'.repeat(100));
  let told = 0;
  const full = () => {
    told += 1;
  };
  for (const [limit, isFull] of [
    [101, false],
    [100, true],
  ] as const) {
    const space = await watchScratch({ root, limit, full });
    expect(space.isFull()).toBe(isFull);
    space.close();
  }
  expect(told).toBe(1);
});

describe('a limit', () => {
  test.each([
    ['10g', 10 * 2 ** 30],
    ['512m', 512 * 2 ** 20],
    ['1000', 1_000],
    [undefined, Number.POSITIVE_INFINITY],
  ])('of %s', (text, bytes) => expect(parseScratchLimit('X', text)).toBe(bytes));

  test.each(['0', '-1', 'much', '1.5g'])('of %s is refused by the name of the variable', (text) => {
    expect(() => parseScratchLimit('EGRESS_SCRATCH_LIMIT', text)).toThrow(
      'EGRESS_SCRATCH_LIMIT must be a size',
    );
  });
});
