import { expect, it } from 'vitest';
import { localBaseReference } from './load-base.ts';

const hash = '0123456789abcdef'.repeat(4);

it.each([
  ['docker.io/livekit/livekit-server:v1.13.5', 'arc-base/livekit-server:v1.13.5-0123456789ab'],
  ['redis', 'arc-base/redis:latest-0123456789ab'],
  [`ghcr.io/a/b@sha256:${hash}`, 'arc-base/b:digest-0123456789ab'],
  [`ghcr.io/a/b:${'x'.repeat(128)}`, `arc-base/b:${'x'.repeat(115)}-0123456789ab`],
])('the local base of %s is %s', (upstream, name) => {
  expect(localBaseReference(upstream, hash)).toBe(name);
});
