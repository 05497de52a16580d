import { describe, expect, it } from 'vitest';
import { type Scanner, scanOutcome } from './scan-report.ts';

function ended(options: { exitCode?: number; stdout?: string; stderr?: string; scanner?: Scanner }) {
  const { exitCode = 0, stdout = '', stderr = '', scanner = 'trivy' } = options;
  return scanOutcome(scanner, { kind: 'exited', status: exitCode, stdout: Buffer.from(stdout), stderr });
}

/** The shape of trivy 0.66, as its documentation has it. */
const trivyReport = {
  SchemaVersion: 2,
  ArtifactName: 'ghcr.io/arc-framework/arc-cache@sha256:abc',
  ArtifactType: 'container_image',
  Results: [
    { Target: 'arc-cache (alpine 3.20.0)', Class: 'os-pkgs', Type: 'alpine' },
    {
      Target: 'usr/local/bin/gosu',
      Class: 'lang-pkgs',
      Type: 'gobinary',
      Vulnerabilities: [
        {
          VulnerabilityID: 'CVE-2024-24790',
          PkgName: 'stdlib',
          InstalledVersion: '1.18.2',
          FixedVersion: '1.21.11, 1.22.4',
          Status: 'fixed',
          Severity: 'CRITICAL',
        },
        {
          VulnerabilityID: 'CVE-2023-45853',
          PkgName: 'zlib1g',
          InstalledVersion: '1:1.2.13.dfsg-1',
          Status: 'will_not_fix',
          Severity: 'CRITICAL',
        },
        { VulnerabilityID: 'CVE-2024-1', PkgName: 'stdlib', InstalledVersion: '1.18.2', Severity: 'HIGH' },
      ],
    },
  ],
};

const grypeReport = {
  matches: [
    {
      vulnerability: {
        id: 'CVE-2024-24790',
        severity: 'Critical',
        fix: { versions: ['1.21.11'], state: 'fixed' },
      },
      artifact: { name: 'stdlib', version: 'go1.18.2', type: 'go-module' },
    },
    {
      vulnerability: { id: 'CVE-2023-45853', severity: 'Critical', fix: { versions: [], state: 'wont-fix' } },
      artifact: { name: 'zlib1g', version: '1:1.2.13', type: 'deb' },
    },
    {
      vulnerability: { id: 'CVE-2024-1', severity: 'High', fix: { versions: [], state: 'unknown' } },
      artifact: { name: 'busybox', version: '1.36', type: 'apk' },
    },
  ],
  descriptor: { name: 'grype', version: '0.100.0' },
};

describe('the report of a scanner', () => {
  it('is clean where nothing critical is in it', () => {
    const Results = trivyReport.Results.slice(0, 1);
    expect(ended({ stdout: JSON.stringify({ ...trivyReport, Results }) })).toEqual({
      kind: 'clean',
      scanner: 'trivy',
    });
  });

  it('is clean where the image has no packages at all', () => {
    const { Results: _, ...bare } = trivyReport;
    expect(ended({ stdout: JSON.stringify(bare) })).toEqual({ kind: 'clean', scanner: 'trivy' });
  });

  it('lists what is critical, with the version that no longer has it', () => {
    expect(ended({ stdout: JSON.stringify(trivyReport) })).toEqual({
      kind: 'critical',
      scanner: 'trivy',
      vulnerabilities: [
        { id: 'CVE-2024-24790', package: 'stdlib', installed: '1.18.2', fixed: '1.21.11, 1.22.4' },
        { id: 'CVE-2023-45853', package: 'zlib1g', installed: '1:1.2.13.dfsg-1' },
      ],
    });
  });

  it('is read from grype too', () => {
    expect(ended({ scanner: 'grype', stdout: JSON.stringify(grypeReport) })).toEqual({
      kind: 'critical',
      scanner: 'grype',
      vulnerabilities: [
        { id: 'CVE-2024-24790', package: 'stdlib', installed: 'go1.18.2', fixed: '1.21.11' },
        { id: 'CVE-2023-45853', package: 'zlib1g', installed: '1:1.2.13' },
      ],
    });
  });

  it.each<[string, Scanner, string]>([
    ['nothing', 'trivy', ''],
    ['text', 'trivy', 'all is well'],
    ['an empty object', 'trivy', '{}'],
    ['a report without its list', 'grype', '{"descriptor":{"name":"grype"}}'],
  ])('is never clean where it is %s', (_, scanner, stdout) => {
    expect(ended({ scanner, stdout })).toEqual({ kind: 'unclear' });
  });
});

describe('a scanner without its database', () => {
  const suggestion =
    'give this machine a way to the database, or set the address of a copy, as the documentation of the scanner says';

  it('was not run, and says why: trivy', () => {
    const stderr = [
      '2026-11-21T17:30:00Z\tINFO\t[vulndb] Need to update DB',
      '2026-11-21T17:30:00Z\tINFO\t[vulndb] Downloading artifact...\trepo="mirror.gcr.io/aquasec/trivy-db:2"',
      '2026-11-21T17:30:05Z\tFATAL\tFatal error\tinit error: DB error: failed to download vulnerability DB: OCI artifact error: failed to download artifact from mirror.gcr.io/aquasec/trivy-db:2: dial tcp: lookup mirror.gcr.io: no such host',
    ].join('\n');
    expect(ended({ exitCode: 1, stderr })).toEqual({
      kind: 'not-run',
      reason:
        'trivy cannot get its database: Fatal error init error: DB error: failed to download vulnerability DB: OCI artifact error: failed to download artifact from mirror.gcr.io/aquasec/trivy-db:2: dial tcp: lookup mirror.gcr.io: no such host',
      suggestion,
    });
  });

  it('was not run, and says why: grype', () => {
    const stderr = [
      '[0009]  WARN unable to check for vulnerability database update',
      '[0010] ERROR failed to load vulnerability db: database does not exist',
    ].join('\n');
    expect(ended({ scanner: 'grype', exitCode: 1, stderr })).toEqual({
      kind: 'not-run',
      reason: 'grype cannot get its database: failed to load vulnerability db: database does not exist',
      suggestion,
    });
  });

  it('is told from one that fails otherwise', () => {
    const stderr =
      '2026-11-21T17:30:05Z\tFATAL\tFatal error\trun error: image scan error: unable to find the specified image';
    expect(ended({ exitCode: 1, stderr })).toEqual({ kind: 'unclear' });
  });
});
