// How long commands take from start to end, with the compiled code that they keep and without:
//   node scripts/measure/starts.ts
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { elapsed, medianOf, printLine } from './median.ts';

const repository = join(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'arc-starts-'));
const environment = { ...process.env, XDG_CACHE_HOME: folder };
const run = (words: readonly string[]): unknown =>
  execFileSync(join(repository, 'bin', 'arc'), words, { cwd: repository, env: environment, stdio: 'ignore' });
try {
  run(['--version']);
  for (const words of [['validate'], ['profiles'], ['help']]) {
    const cold = (): number => {
      rmSync(join(folder, 'arc', 'code'), { recursive: true, force: true });
      return elapsed(() => run(words));
    };
    printLine(medianOf({ runs: 9, work: cold }), `arc ${words[0]}, nothing kept`);
    printLine(medianOf({ runs: 9, work: () => elapsed(() => run(words)) }), `arc ${words[0]}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
