import { expect, it } from 'vitest';
import { pullProgress } from './pull.ts';

it('adds layers up to one line', () => {
  const line = pullProgress();
  expect(line({ status: 'Pulling from library/redis', id: '7.4' })).toBe('Pulling from library/redis');
  expect(line({ status: 'Pulling fs layer', id: '0123456789ab' })).toBe('0 of 1 layers, 0 B of 0 B');
  expect(line({ status: 'Already exists', id: 'ba9876543210' })).toBe('1 of 2 layers, 0 B of 0 B');
  const half = { current: 1_500_000, total: 3_000_000 };
  expect(line({ status: 'Downloading', id: '0123456789ab', progressDetail: half })).toBe(
    '1 of 2 layers, 1.5 MB of 3 MB',
  );
  const unpacking = { current: 10, total: 9_000_000 };
  expect(line({ status: 'Extracting', id: '0123456789ab', progressDetail: unpacking })).toBe(
    '1 of 2 layers, 1.5 MB of 3 MB',
  );
  expect(line({ status: 'Pull complete', id: '0123456789ab' })).toBe('2 of 2 layers, 3 MB of 3 MB');
});
