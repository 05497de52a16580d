import { expect, it } from 'vitest';
import { redact } from '../core/secret.ts';
import { secretsIn } from './secret-variables.ts';

it('knows the secrets of an environment by their names, and leaves the names of keys', () => {
  const secrets = secretsIn({
    COSIGN_PASSWORD: 'correct horse battery',
    GITHUB_TOKEN: 'ghs_0123456789',
    THE_KEY: '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----',
    ARC_COSIGN_KEY: 'cosign.key',
    ARC_COSIGN_PUBLIC_KEY: 'cosign.pub',
    DOCKER_CONFIG: '/home/me/.docker',
    PATH: '/usr/bin',
  });
  expect(
    redact(
      'open cosign.key and cosign.pub in /home/me/.docker: correct horse battery, ghs_0123456789, -----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----',
      secrets,
    ),
  ).toBe('open cosign.key and cosign.pub in /home/me/.docker: [redacted], [redacted], [redacted]');
});
