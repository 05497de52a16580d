// A request on the Engine's socket beside a project's lock, and a process that makes a request:
//   node scripts/measure/engine.ts
import { execFileSync } from 'node:child_process';
import { findProgram } from '../../src/host/system.ts';
import { connectDocker } from '../../src/platform/docker/connect.ts';
import { dockerEngine } from '../../src/platform/docker/docker-engine.ts';
import { lockProject } from '../../src/platform/docker/lock/lock.ts';
import { elapsed, medianOf, printLine } from './median.ts';

const rounds = 15;
const { docker, endpoint, close } = await connectDocker({
  environment: process.env,
  deadlineMilliseconds: 10_000,
});
const requests: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const start = performance.now();
  await docker.listContainers();
  requests.push(performance.now() - start);
}
const locks: number[] = [];
for (let round = 0; round < rounds; round += 1) {
  const start = performance.now();
  const lock = await lockProject({
    engine: dockerEngine({ docker }),
    ...{ project: 'arc-measure', command: 'measure', address: endpoint.address },
    signal: new AbortController().signal,
    warn: () => {},
  });
  await lock[Symbol.asyncDispose]();
  locks.push(performance.now() - start);
}
close();
printLine(medianOf({ runs: rounds, work: () => requests.pop() ?? Number.NaN }), 'a request on the socket');
printLine(
  medianOf({ runs: rounds, work: () => locks.pop() ?? Number.NaN }),
  "a project's lock, taken and released",
);

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
