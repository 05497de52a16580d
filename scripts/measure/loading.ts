// What it costs a command to load a library or a built-in module, each in a process of its own:
//   node scripts/measure/loading.ts
// That is why most of them are imported where they are used, or not at all.
import { execFileSync } from 'node:child_process';
import { medianOf, printLine } from './median.ts';

const modules = [
  ...['execa', 'undici', '@redis/client', 'chalk', 'log-update', 'liquidjs', 'dockerode', 'js-yaml', 'yaml'],
  ...['node:net', 'node:https', 'node:crypto', 'node:stream', 'node:child_process'],
];

for (const name of modules) {
  const script = `const start = performance.now(); await import('${name}'); console.log(performance.now() - start)`;
  const load = (): number =>
    Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' }));
  printLine(medianOf({ runs: 9, work: load }), name);
}
