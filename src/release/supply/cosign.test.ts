import { describe, expect, it } from 'vitest';
import { signatureState } from './cosign.ts';

const ended = (status: number, stderr = '') => signatureState({ kind: 'exited', status, stderr });

// Statuses and words of cosign 3.1.3.
describe('a signature', () => {
  it('is valid where cosign says so', () => {
    expect(ended(0)).toEqual({ kind: 'valid' });
  });

  it('is missing where nobody signed', () => {
    expect(ended(10, 'Error: no signatures found\n')).toEqual({ kind: 'missing' });
  });

  it('is untrusted where somebody else signed', () => {
    const stderr = [
      'WARNING: Skipping tlog verification is an insecure practice that lacks transparency and auditability verification for the signature.',
      'Error: no matching attestations: failed to verify signature: could not verify envelope: accepted signatures do not match threshold, Found: 0, Expected 1',
      'error during command execution: no matching attestations: failed to verify signature: could not verify envelope: accepted signatures do not match threshold, Found: 0, Expected 1',
    ].join('\n');
    expect(ended(1, stderr)).toEqual({
      kind: 'untrusted',
      reason:
        'no matching attestations: failed to verify signature: could not verify envelope: accepted signatures do not match threshold, Found: 0, Expected 1',
    });
    expect(ended(12, 'Error: no matching signatures: invalid signature\n')).toMatchObject({
      kind: 'untrusted',
    });
  });

  it.each([
    [
      'the network',
      1,
      'Error: getting trusted root from TUF: no such host',
      'getting trusted root from TUF: no such host',
    ],
    [
      'the key',
      1,
      'Error: open cosign.pub: no such file or directory',
      'open cosign.pub: no such file or directory',
    ],
    ['something without words', 2, '', 'it failed with exit status 2'],
  ])('is neither where %s is in the way', (_, status, stderr, reason) => {
    expect(ended(status, stderr)).toEqual({
      kind: 'not-run',
      reason: `cosign could not check it: ${reason}`,
    });
  });

  it('is neither where it takes too long', () => {
    expect(signatureState({ kind: 'timed-out', milliseconds: 240_000, stderr: '' })).toEqual({
      kind: 'not-run',
      reason: 'cosign could not check it: it did not end within 4 minutes, so arc ended it',
    });
  });
});
