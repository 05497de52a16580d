import { describe, expect, it } from 'vitest';
import { readerEnvironment } from './tool-environment.ts';

describe('the environment of a program that only reads images', () => {
  it('has the login to registries, and its own settings', () => {
    const environment = {
      PATH: '/usr/bin',
      HOME: '/home/me',
      DOCKER_CONFIG: '/home/me/.docker',
      HTTPS_PROXY: 'http://proxy.example:3128',
      TRIVY_DB_REPOSITORY: 'ghcr.io/mirror/trivy-db',
      AWS_SECRET_ACCESS_KEY: 'for the helper of a registry',
    };
    expect(readerEnvironment(environment)).toEqual(environment);
  });

  it('has nothing that signs, publishes or speaks for the run', () => {
    const environment = {
      PATH: '/usr/bin',
      COSIGN_PASSWORD: 'a',
      COSIGN_PRIVATE_KEY: 'b',
      SIGSTORE_ID_TOKEN: 'c',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'd',
      ACTIONS_RUNTIME_TOKEN: 'e',
      GITHUB_TOKEN: 'f',
      GH_TOKEN: 'g',
      NODE_AUTH_TOKEN: 'h',
      ARC_REALTIME_API_SECRET: 'i',
      ARC_COSIGN_KEY: 'env://THE_KEY',
      THE_KEY: 'j',
    };
    expect(readerEnvironment(environment)).toEqual({ PATH: '/usr/bin' });
  });
});
