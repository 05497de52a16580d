import { describe, expect, it } from 'vitest';
import { findScanner, scanImage, vulnerableImage } from './scan.ts';

describe('a scan', () => {
  it('is not run without a scanner, and says so', async () => {
    const environment = { PATH: '/nowhere' };
    expect(findScanner(environment)).toEqual({
      kind: 'not-run',
      reason: 'neither trivy nor grype is installed',
      suggestion: 'install trivy: https://trivy.dev/latest/getting-started/installation/',
    });
    const result = await scanImage({
      repo: { registry: 'ghcr.io', repository: 'arc-framework/arc-cache' },
      image: { platform: 'linux/amd64', digest: `sha256:${'a'.repeat(64)}` },
      root: '/',
      environment,
      signal: new AbortController().signal,
    });
    expect(result.kind).toBe('not-run');
  });
});

describe('the error for a vulnerable image', () => {
  it('lists what is in the way of the release', () => {
    const error = vulnerableImage({
      reference: 'ghcr.io/arc-framework/arc-cache@sha256:abc',
      platform: 'linux/amd64',
      scanner: 'trivy',
      vulnerabilities: [
        { id: 'CVE-2024-24790', package: 'stdlib', installed: '1.18.2', fixed: '1.21.11' },
        { id: 'CVE-2023-45853', package: 'zlib1g', installed: '1.2.13' },
      ],
    });
    expect(error.problems).toEqual([
      {
        code: 'image-vulnerable',
        message:
          'trivy found 2 critical vulnerabilities in ghcr.io/arc-framework/arc-cache@sha256:abc (linux/amd64).',
        detail: [
          'CVE-2024-24790: stdlib 1.18.2, fixed in 1.21.11',
          'CVE-2023-45853: zlib1g 1.2.13, not fixed yet',
        ],
        suggestion:
          'take a newer base (arc images lock --update), or accept one that does not apply here, with the reason, in .trivyignore',
      },
    ]);
    expect(error.status).toBe(1);
  });
});
