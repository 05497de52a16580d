import { expect, test } from 'vitest';
import { freeDisk, writeObstacle } from './disk.ts';

test('free space is that of the nearest folder that exists', () => {
  expect(freeDisk('/tmp/arc/not/made/yet')).toBeGreaterThan(0);
});

test('a folder that can be made can be written to', () => {
  expect(writeObstacle('/tmp/arc/not/made/yet')).toBeUndefined();
});
