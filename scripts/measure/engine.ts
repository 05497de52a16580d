// A request on the Engine's socket beside a process that makes one:
//   node scripts/measure/engine.ts
import { execFileSync } from 'node:child_process';
import { findProgram } from '../../src/host/system.ts';
import { connectEngine } from '../../src/platform/docker/connect.ts';
import { elapsed, medianOf, printLine } from './median.ts';

const rounds = 15;
const { docker, close } = await connectEngine({ environment: process.env, deadlineMilliseconds: 10_000 });
const requests: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const start = performance.now();
  await docker.listContainers();
  requests.push(performance.now() - start);
}
close();
printLine(medianOf({ runs: rounds, work: () => requests.pop() ?? Number.NaN }), 'a request on the socket');

for (const words of [['ps'], ['compose', 'version'], ['buildx', 'version']]) {
  const program = findProgram('docker', process.env);
  const name = `docker ${words.join(' ')}`;
  try {
    if (program === undefined) throw new Error('there is no docker');
    const call = (): unknown => execFileSync(program, words, { stdio: 'ignore' });
    printLine(medianOf({ runs: rounds, work: () => elapsed(call) }), name);
  } catch {
    console.log(`             ${name}: cannot be run here`);
  }
}
