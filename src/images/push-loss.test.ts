import { expect, test } from 'vitest';
import { standsForGood } from './push-loss.ts';

test.each(['v0.1.0', '1.2.3', 'cache-v0.1.0', 'realtime-ingress-v1.0.0-rc.1', 'sha-1a2b3c4d5e6f'])(
  '%s stands for one image for good',
  (tag) => expect(standsForGood(tag)).toBe(true),
);

test.each(['latest', 'v1', 'v0.1', 'main', 'sha-branch', 'sha-1a2b3c4d5e6f-dirty', 'test-v1.2.x'])(
  '%s may move',
  (tag) => expect(standsForGood(tag)).toBe(false),
);
