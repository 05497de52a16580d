import { describe, expect, it } from 'vitest';
import {
  durationLines,
  judgeSkips,
  mergeReports,
  type Report,
  reportLines,
} from '../../scripts/test/report.ts';

const report = (change: Partial<Report> = {}): Report => ({
  passed: 2,
  failures: [],
  skips: [],
  files: [],
  ...change,
});
const old = { name: 'a.test.ts > old > node', reason: 'it needs an old Node.js' };
const registry = (test: string) => ({ name: `b.test.ts > ${test}`, reason: 'it needs docker-registry' });
const allowed = [{ test: old.name, because: 'this machine has no old Node.js' }];

describe('the end of a run of tests', () => {
  it('counts several runs as one', () => {
    const runs = [report(), report({ failures: [{ name: 'a.test.ts > x', reason: 'no' }], skips: [old] })];
    expect(reportLines(mergeReports(runs)).at(-1)).toBe('4 passed, 1 failed, 1 skipped');
  });

  it('names every failure and every skip with its reason, together where a file has many', () => {
    const lines = reportLines(
      report({
        failures: [{ name: 'c.test.ts > x', reason: 'expected 1 to be 2' }],
        skips: [old, registry('one'), registry('two')],
      }),
    );
    expect(lines).toEqual([
      'skipped: a.test.ts > old > node because it needs an old Node.js',
      'skipped: 2 tests of b.test.ts because it needs docker-registry',
      '✗ c.test.ts > x\n    expected 1 to be 2',
      '2 passed, 1 failed, 3 skipped',
    ]);
  });

  it('says how long the runs of a kind took together, and which files took the most of it', () => {
    const files = [
      { name: 'tests/e2e/boot.test.ts', seconds: 61.9 },
      { name: 'src/host/ports.test.ts', seconds: 0.2 },
      { name: 'tests/integration/verify.test.ts', seconds: 125 },
    ];
    const title = 'on the first Engine';
    const more = report({ files: [{ name: 'tests/e2e/secrets.test.ts', seconds: 90 }] });
    expect(
      durationLines([
        { title, seconds: 600, report: report({ files }) },
        { title: 'without an Engine', seconds: 5, report: report() },
        { title, seconds: 95, report: more },
      ]),
    ).toEqual([
      '11:35 on the first Engine: integration/verify.test.ts 2:05, e2e/secrets.test.ts 1:30, e2e/boot.test.ts 1:01, src/host/ports.test.ts 0:00',
      '0:05 without an Engine: ',
    ]);
  });
});

describe('a skipped test', () => {
  const skips = [old, registry('one')];

  it('is a failure in continuous integration unless the list names it', () => {
    expect(judgeSkips(report({ skips }), { strict: true, allowed })).toEqual(
      report({
        skips: [{ name: old.name, reason: 'this machine has no old Node.js' }],
        failures: [
          {
            name: 'b.test.ts > one',
            reason: 'skipped because it needs docker-registry; tests/allowed-skips.ts does not list it',
          },
        ],
      }),
    );
  });

  it('is counted, and no failure, on a developer’s machine', () => {
    const { failures, skips: left } = judgeSkips(report({ skips }), { strict: false, allowed });
    expect(failures).toEqual([]);
    expect(left).toHaveLength(2);
  });

  it('is not allowed by a name that only begins like the listed one', () => {
    const like = { name: `${old.name} twice`, reason: 'it needs an old Node.js' };
    expect(judgeSkips(report({ skips: [like] }), { strict: true, allowed }).failures).toHaveLength(1);
  });
});
