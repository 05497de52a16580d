import { expect, it } from 'vitest';
import { pushedDigest } from './engine-push.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

it('reads the digest of a push from the line that every Engine ends it with', () => {
  expect(pushedDigest({ status: `v0.1.0: digest: ${digest} size: 528` })).toBe(digest);
});

it.each([
  ['The push refers to repository [127.0.0.1:5000/arc-cache]'],
  ['Pushed'],
  [`v0.1.0: digest: ${digest.slice(0, 20)} size: 528`],
])('takes no digest from %j', (status) => {
  expect(pushedDigest({ status })).toBeUndefined();
});
