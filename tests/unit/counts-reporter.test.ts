import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../scripts/test/report.ts';
import { cleanEnvironment, repository } from '../support/run-arc.ts';

// Real runs of Vitest, in a folder that has nothing else.

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-reporter-'));
  symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  const reporters = [join(repository, 'scripts', 'counts-reporter.ts')];
  writeFileSync(
    join(folder, 'vitest.config.mjs'),
    `export default ${JSON.stringify({ test: { reporters } })};`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const parts = "import { afterAll, beforeAll, describe, expect, it } from 'vitest';\n";

/** Runs one file that has `body`, and tells what was printed, reported, and the exit status. */
async function run(
  body: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<{ last: string | undefined; exitCode: number | undefined; report: Report }> {
  const file = `${crypto.randomUUID()}.test.mjs`;
  writeFileSync(join(folder, file), parts + body);
  const reportFile = join(folder, 'report.json');
  const vitest = join(repository, 'node_modules', 'vitest', 'vitest.mjs');
  const { stdout, exitCode } = await execa(process.execPath, [vitest, 'run', file], {
    cwd: folder,
    env: cleanEnvironment({ ...environment, ARC_TEST_REPORT: reportFile }),
    extendEnv: false,
    reject: false,
  });
  const text = readFileSync(reportFile, 'utf8').replaceAll(`${file} > `, '').replaceAll(file, 'the file');
  return { last: stdout.trimEnd().split('\n').at(-1), exitCode, report: JSON.parse(text) as Report };
}

describe('the counts of a run', () => {
  it('has every test once, however it is skipped', async () => {
    const { last, exitCode, report } = await run(`
      it('passes', () => {});
      it.skip('plain', () => {});
      it.todo('later');
      it.skipIf(true)('if', () => {});
      it('inside', ({ skip }) => skip('the kernel has no such thing'));
      describe.skip('suite', () => { it.each([1, 2])('%s', () => {}); });
      describe('needs', { skip: true, meta: { needs: 'zsh' } }, () => { it('deep', () => {}); });`);
    expect(last).toBe('1 passed, 0 failed, 7 skipped');
    expect(exitCode).toBe(0);
    expect(report.skips).toEqual([
      { name: 'plain' },
      { name: 'later', reason: 'it is still to be written' },
      { name: 'if' },
      { name: 'inside', reason: 'the kernel has no such thing' },
      { name: 'suite > 1' },
      { name: 'suite > 2' },
      { name: 'needs > deep', reason: 'it needs zsh' },
    ]);
  });

  it('has failures for a suite whose preparation failed, and none of its tests as skipped', async () => {
    const { last, exitCode, report } = await run(`
      describe('suite', () => {
        beforeAll(() => { throw new Error('no Engine\\nmore'); });
        it('one', () => {});
        describe('inner', () => { it('two', () => {}); });
        it.skip('three', () => {});
      });`);
    expect(last).toBe('0 passed, 3 failed, 1 skipped');
    expect(exitCode).toBe(1);
    expect(report.failures).toEqual([
      { name: 'suite', reason: 'no Engine' },
      { name: 'suite > one', reason: 'not run: its preparation failed' },
      { name: 'suite > inner > two', reason: 'not run: its preparation failed' },
    ]);
  });

  it.each([
    [
      'a suite that cannot clean up',
      `describe('suite', () => { afterAll(() => { throw new Error('late'); }); it('one', () => {}); });`,
      1,
    ],
    ['a file that does not load', `import './absent.mjs'; it('one', () => {});`, 0],
    ['a file without tests', '', 0],
    [
      'an error outside of the tests',
      `it('one', () => { setTimeout(() => { throw new Error('outside'); }); return new Promise((done) => setTimeout(done, 50)); });`,
      1,
    ],
  ])('has a failure for %s', async (_, body, passed) => {
    const { last, exitCode } = await run(body);
    expect({ last, exitCode }).toEqual({ last: `${passed} passed, 1 failed, 0 skipped`, exitCode: 1 });
  });

  it('has a failure for an unlisted skip in continuous integration', async () => {
    const body = `it('passes', () => {}); it.skip('plain', () => {});`;
    const { last, exitCode } = await run(body, { CI: 'true' });
    expect({ last, exitCode }).toEqual({ last: '1 passed, 1 failed, 0 skipped', exitCode: 1 });
  });
});
