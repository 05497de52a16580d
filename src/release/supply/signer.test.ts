import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseSigner, chooseVerifier, releaseIdentity } from './signer.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-signer-'));
  // Only looked for here, never run.
  writeFileSync(join(folder, 'cosign'), '');
  chmodSync(join(folder, 'cosign'), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const identity = releaseIdentity({
  repository: 'https://github.com/arc-framework/arc',
  service: 'realtime',
  version: 'v0.1.0',
});

const signer = (sign: 'none' | 'keyless' | 'key', environment: Record<string, string> = {}) =>
  chooseSigner({ sign, identity, environment: { PATH: folder, ...environment } });

describe('who signs a release', () => {
  it('is its workflow, at its tag', () => {
    expect(identity).toEqual({
      identity: 'https://github.com/arc-framework/arc/.github/workflows/arc.yml@refs/tags/realtime/v0.1.0',
      issuer: 'https://token.actions.githubusercontent.com',
    });
  });

  it('is nobody where arc.yaml says so', () => {
    expect(signer('none')).toEqual({ kind: 'not-run', reason: 'release.sign is "none" in arc.yaml' });
  });

  it('is nobody without cosign', () => {
    const found = chooseSigner({ sign: 'key', identity, environment: { PATH: '/nowhere' } });
    expect(found).toEqual({
      kind: 'not-run',
      reason: 'cosign is not installed',
      suggestion: 'install cosign: https://docs.sigstore.dev/cosign/system_config/installation/',
    });
  });
});

describe('signing without a key', () => {
  it.each([
    [
      'in GitHub Actions',
      { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://a.example', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't' },
    ],
    ['with a token of another provider', { SIGSTORE_ID_TOKEN: 't' }],
  ])('goes %s', (_, environment) => {
    expect(signer('keyless', environment)).toEqual({ kind: 'keyless', ...identity });
  });

  it('does not go where nobody vouches, and never opens a browser', () => {
    expect(signer('keyless')).toEqual({
      kind: 'not-run',
      reason: 'signing without a key needs an identity, and there is none here',
      suggestion: 'release from the workflow, with "id-token: write" among the permissions of its job',
    });
  });
});

describe('signing with a key', () => {
  it.each([
    ['a file', 'cosign.key', { COSIGN_PASSWORD: 'secret' }],
    ['a file without a password', 'cosign.key', { COSIGN_PASSWORD: '' }],
    ['a variable', 'env://THE_KEY', { COSIGN_PASSWORD: 'secret' }],
    ['a key service, which needs no password', 'awskms:///alias/arc', {}],
  ])('takes %s', (_, key, environment) => {
    expect(signer('key', { ARC_COSIGN_KEY: key, ...environment })).toEqual({ kind: 'key', key });
  });

  it('needs a key', () => {
    expect(signer('key')).toMatchObject({ reason: 'ARC_COSIGN_KEY does not name a key' });
  });

  it('needs a password, for which nobody is asked', () => {
    expect(signer('key', { ARC_COSIGN_KEY: 'cosign.key' })).toMatchObject({
      reason: 'COSIGN_PASSWORD is not set',
    });
  });

  it('refuses a key in place of its name: it would be an argument of a process', () => {
    const key = '-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\nMIIB\n';
    const refused = signer('key', { ARC_COSIGN_KEY: key, COSIGN_PASSWORD: 'secret' });
    expect(refused).toMatchObject({ reason: 'ARC_COSIGN_KEY contains a key, but it must name one' });
    expect(JSON.stringify(refused)).not.toContain('MIIB');
  });
});

describe('checking signatures', () => {
  const verifier = (sign: 'none' | 'keyless' | 'key', environment: Record<string, string> = {}) =>
    chooseVerifier({ sign, identity, environment: { PATH: folder, ...environment } });

  it('needs no identity of its own', () => {
    expect(verifier('keyless')).toEqual({ kind: 'keyless', ...identity });
  });

  it('needs the public key, and no private one', () => {
    expect(verifier('key', { ARC_COSIGN_PUBLIC_KEY: 'cosign.pub' })).toEqual({
      kind: 'key',
      key: 'cosign.pub',
    });
    expect(verifier('key')).toMatchObject({
      reason: 'ARC_COSIGN_PUBLIC_KEY does not name the public key',
    });
  });

  it('is not done where nothing is signed', () => {
    expect(verifier('none')).toMatchObject({ kind: 'not-run' });
  });
});
