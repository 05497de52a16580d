import { expect, it } from 'vitest';
import { pullProgress } from './pull.ts';

it('counts bytes while some have to arrive, then layers, and passes on other lines', () => {
  const news = pullProgress();
  const bytes = (done: number, total: number) => ({ progress: { done, total, unit: 'bytes' } });
  const layers = (done: number, total: number) => ({ progress: { done, total, unit: 'layers' } });
  expect(news({ status: 'Pulling from library/redis', id: '7.4' })).toEqual({
    output: 'Pulling from library/redis',
  });
  expect(news({ status: 'Pulling fs layer', id: '0123456789ab' })).toEqual(layers(0, 1));
  expect(news({ status: 'Already exists', id: 'ba9876543210' })).toEqual(layers(1, 2));
  const half = { current: 1_500_000, total: 3_000_000 };
  expect(news({ status: 'Downloading', id: '0123456789ab', progressDetail: half })).toEqual(
    bytes(1_500_000, 3_000_000),
  );
  const unpacking = { current: 10, total: 9_000_000 };
  expect(news({ status: 'Extracting', id: '0123456789ab', progressDetail: unpacking })).toEqual(
    bytes(1_500_000, 3_000_000),
  );
  expect(news({ status: 'Download complete', id: '0123456789ab' })).toEqual(layers(1, 2));
  expect(news({ status: 'Pull complete', id: '0123456789ab' })).toEqual(layers(2, 2));
});
