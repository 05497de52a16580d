import { type ProcessEnd, succeeded } from '../../host/process-end.ts';
import { at, listAt, parseJson, textAt } from './json.ts';
import { type NotRun, notRun } from './not-run.ts';
import type { ToolRun } from './tool.ts';

/** A known weakness of something in an image. */
export type Vulnerability = {
  /** `CVE-2026-1234` */
  id: string;
  package: string;
  installed: string;
  /** The version, or versions, that no longer have it. */
  fixed?: string;
};

export type Scanner = 'trivy' | 'grype';

/** The result of a scanner; `unclear` if it is neither a report nor a missing database. */
export type ScanOutcome =
  | { kind: 'clean'; scanner: Scanner }
  | { kind: 'critical'; scanner: Scanner; vulnerabilities: readonly Vulnerability[] }
  | { kind: 'unclear' }
  | NotRun;

/** As much of a scanner's reason as is shown, in characters: trivy chains its errors. */
const reasonLength = 300;

/**
 * How trivy 0.66 (`DB error`, `failed to download vulnerability DB`) and grype (`failed to load vulnerability db`,
 * `unable to update vulnerability database`) say that they have nothing to compare with.
 */
const withoutDatabase = /DB error|vulnerability (?:db|database)\b|Java DB/i;

/** Reads how a scanner ended. */
export function scanOutcome(
  scanner: Scanner,
  run: ProcessEnd & Pick<ToolRun, 'stdout' | 'stderr'>,
): ScanOutcome {
  if (succeeded(run)) {
    const vulnerabilities = readers[scanner](parseJson(run.stdout.toString('utf8')));
    if (vulnerabilities === undefined) return { kind: 'unclear' };
    return vulnerabilities.length === 0
      ? { kind: 'clean', scanner }
      : { kind: 'critical', scanner, vulnerabilities };
  }
  const reason = run.stderr
    .split('\n')
    .findLast((line) => /FATAL|ERROR|error/.test(line) && withoutDatabase.test(line));
  if (reason === undefined) return { kind: 'unclear' };
  return notRun(
    `${scanner} cannot get its database: ${withoutPrefix(reason).slice(0, reasonLength)}`,
    'give this machine a way to the database, or set the address of a copy, as the documentation of the scanner says',
  );
}

/** Without time and level: `2026-01-02T03:04:05Z FATAL Fatal error …`, `[0010] ERROR …`. */
function withoutPrefix(line: string): string {
  return line
    .replace(/^\s*(?:\[\d+\]|\S*\d{2}:\d{2}:\d{2}\S*)?\s*/, '')
    .replace(/^(?:FATAL|ERROR)\s+/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The critical vulnerabilities of each scanner's report; undefined if it is no such report. */
const readers: Record<Scanner, (report: unknown) => readonly Vulnerability[] | undefined> = {
  trivy: (report) => {
    // An image without any package has no results at all.
    if (textAt(report, 'ArtifactName') === undefined) return undefined;
    return listAt(report, 'Results')
      .flatMap((result) => listAt(result, 'Vulnerabilities'))
      .filter((each) => textAt(each, 'Severity') === 'CRITICAL')
      .map((each) =>
        vulnerability({
          id: textAt(each, 'VulnerabilityID'),
          package: textAt(each, 'PkgName'),
          installed: textAt(each, 'InstalledVersion'),
          fixed: textAt(each, 'FixedVersion'),
        }),
      );
  },
  grype: (report) => {
    if (!Array.isArray(at(report, 'matches'))) return undefined;
    return listAt(report, 'matches')
      .filter((each) => textAt(each, 'vulnerability', 'severity') === 'Critical')
      .map((each) =>
        vulnerability({
          id: textAt(each, 'vulnerability', 'id'),
          package: textAt(each, 'artifact', 'name'),
          installed: textAt(each, 'artifact', 'version'),
          fixed: listAt(each, 'vulnerability', 'fix', 'versions').join(', '),
        }),
      );
  },
};

function vulnerability(found: Record<keyof Vulnerability, string | undefined>): Vulnerability {
  const { id = 'unnamed', package: name = 'unnamed', installed = 'unknown', fixed } = found;
  return { id, package: name, installed, ...(fixed ? { fixed } : {}) };
}
