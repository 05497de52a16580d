import { describe, expect, it } from 'vitest';
import { Secret } from '../core/secret.ts';
import { registryFailed, unauthorized, unreachable } from './problems.ts';

const octo = {
  login: { kind: 'password', username: 'octo', password: new Secret('ghp_1234567890') },
} as const;
const refused = (options: Partial<Parameters<typeof unauthorized>[0]>) =>
  unauthorized({
    repo: { registry: 'ghcr.io', repository: 'arc-framework/arc-cache' },
    permission: 'push',
    found: octo,
    words: ['403 Forbidden', 'DENIED: permission_denied: write_package'],
    ...options,
  });

describe('a push that is refused', () => {
  it('says who may not push where, what is missing, and how to get it', () => {
    const { problems, status } = refused({});
    expect(status).toBe(4);
    expect(problems).toEqual([
      {
        code: 'registry-unauthorized',
        message: 'ghcr.io does not let the login of "octo" push to ghcr.io/arc-framework/arc-cache.',
        detail: [
          'missing: write:packages',
          'answer: 403 Forbidden, DENIED: permission_denied: write_package',
        ],
        suggestion:
          'docker login ghcr.io, with a token (classic) that has write:packages. In GitHub Actions, give the job ' +
          '"permissions: packages: write"; a package that was first pushed from elsewhere also has to let the ' +
          'repository in: its settings, Manage Actions access.',
      },
    ]);
  });

  it('says why a login was not used', () => {
    const found = { note: 'docker-credential-desktop failed, so no login is used' };
    const [problem] = refused({ found }).problems;
    expect(problem.message).toContain('anybody without a login');
    expect(problem.detail).toContain(found.note);
  });

  it('is told for other registries, too', () => {
    const repo = { registry: 'docker.io', repository: 'octo/thing' };
    expect(refused({ repo }).problems[0].suggestion).toContain('"Read & Write"');
    const other = { registry: 'registry.example:5000', repository: 'thing' };
    const [problem] = refused({ repo: other }).problems;
    expect(problem.detail?.[0]).toBe('missing: push');
    expect(problem.suggestion).toBe('docker login registry.example:5000, as somebody who may push there.');
  });

  it('does not repeat a secret that the registry repeats', () => {
    expect(JSON.stringify(refused({ words: ['401', 'bad password ghp_1234567890'] }).problems)).not.toContain(
      'ghp_1234567890',
    );
  });
});

describe('a login that the registry does not know', () => {
  it('is said to be wrong; no permission is missing', () => {
    const [problem] = refused({ words: ['401 Unauthorized'], loginRefused: true }).problems;
    expect(problem).toEqual({
      code: 'registry-unauthorized',
      message: 'ghcr.io refuses the login of "octo": it is wrong, or has expired.',
      detail: ['to push to: ghcr.io/arc-framework/arc-cache', 'answer: 401 Unauthorized'],
      suggestion: expect.stringContaining('docker login ghcr.io'),
    });
  });

  it('is none where none was shown', () => {
    const [problem] = refused({ found: {}, words: ['401 Unauthorized'], loginRefused: true }).problems;
    expect(problem.detail).toContain('missing: write:packages');
  });
});

describe('a pull that is refused', () => {
  it('without a login may be of something that does not exist', () => {
    const { problems } = refused({ permission: 'pull', found: {} });
    expect(problems[0].message).toBe(
      'ghcr.io does not let anybody without a login pull from ghcr.io/arc-framework/arc-cache. ' +
        'It is private, or does not exist.',
    );
    expect(problems[0].detail).toContain('missing: read:packages');
  });
});

describe('other failures', () => {
  it('say what could not be done, and why', () => {
    const what = 'read ghcr.io/a/b:v1';
    expect(unreachable({ registry: 'ghcr.io', what, reason: 'its host name does not resolve' }).message).toBe(
      'Could not read ghcr.io/a/b:v1: ghcr.io cannot be reached, its host name does not resolve.',
    );
    const error = registryFailed({
      what,
      reason: 'the registry answered 500',
      words: ['token secret-token is odd'],
      secrets: [new Secret('secret-token')],
    });
    expect(error.message).toBe('Could not read ghcr.io/a/b:v1: the registry answered 500.');
    expect(error.problems[0].detail).toEqual(['token [redacted] is odd']);
  });
});
