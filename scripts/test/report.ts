import type { AllowedSkip } from '../../tests/allowed-skips.ts';

/** What came of a run of tests. Names are whole: file, suites, test. */
export type Report = {
  passed: number;
  failures: readonly Failure[];
  skips: readonly Skip[];
  files: readonly { name: string; seconds: number }[];
};

export type Failure = { name: string; reason: string };
export type Skip = { name: string; reason?: string };

/** Several runs as one. */
export function mergeReports(reports: readonly Report[]): Report {
  return {
    passed: reports.reduce((sum, { passed }) => sum + passed, 0),
    failures: reports.flatMap(({ failures }) => failures),
    skips: reports.flatMap(({ skips }) => skips),
    files: reports.flatMap(({ files }) => files),
  };
}

/**
 * Turns every skip that the list does not name into a failure.
 *
 * @param options.strict whether this is continuous integration; a person's machine may lack things
 */
export function judgeSkips(
  report: Report,
  options: { strict: boolean; allowed: readonly AllowedSkip[] },
): Report {
  const { strict, allowed } = options;
  const listed = new Map(allowed.map(({ test, because }) => [test, because]));
  const failures: Failure[] = [...report.failures];
  const skips: Skip[] = [];
  for (const skip of report.skips) {
    const because = listed.get(skip.name);
    if (because !== undefined) skips.push({ name: skip.name, reason: because });
    else if (!strict) skips.push(skip);
    else
      failures.push({
        name: skip.name,
        reason: `skipped because ${reasonOf(skip)}; tests/allowed-skips.ts does not list it`,
      });
  }
  return { ...report, failures, skips };
}

/** What a reader sees at the end of a run; the last line is `N passed, N failed, N skipped`. */
export function reportLines(report: Report): readonly string[] {
  const { passed, failures, skips } = report;
  return [
    ...skipLines(skips),
    ...failures.map(({ name, reason }) => `✗ ${name}\n    ${reason}`),
    `${passed} passed, ${failures.length} failed, ${skips.length} skipped`,
  ];
}

/** One line a test, or one for all that a file skips for the same reason. */
function skipLines(skips: readonly Skip[]): readonly string[] {
  const groups = new Map<string, Skip[]>();
  for (const skip of skips) {
    const key = `${fileOf(skip.name)}\n${skip.reason ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), skip]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const what = group.length === 1 ? first.name : `${group.length} tests of ${fileOf(first.name)}`;
    return `skipped: ${what} because ${reasonOf(first)}`;
  });
}

const fileOf = (name: string): string => name.split(' > ')[0] ?? name;
const reasonOf = ({ reason }: Skip): string => reason ?? 'its file says so without a reason';

/** How long the runs of each title took together, and their slowest files. */
export function durationLines(
  runs: readonly { title: string; seconds: number; report: Report }[],
): readonly string[] {
  const titles = [...new Set(runs.map(({ title }) => title))];
  return titles.map((title) => {
    const ofTitle = runs.filter((run) => run.title === title);
    const seconds = ofTitle.reduce((sum, run) => sum + run.seconds, 0);
    const slowest = ofTitle
      .flatMap(({ report }) => report.files)
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, 8)
      .map((file) => `${file.name.replace(/^tests\//, '')} ${clock(file.seconds)}`);
    return `${clock(seconds)} ${title}: ${slowest.join(', ')}`;
  });
}

const clock = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
