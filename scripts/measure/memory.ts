// What arc's containers use at most while a command runs, beside their bounds, and what their volumes hold then:
//   node scripts/measure/memory.ts node tests/bench/run.ts --output /tmp/contracts.json contracts
//   node scripts/measure/memory.ts sleep 60
// Memory is counted as `docker stats` counts it, twice a second, so a shorter peak may be missed.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectDocker } from '../../src/platform/docker/connect.ts';
import { dockerEngine } from '../../src/platform/docker/docker-engine.ts';
import { arcLabels } from '../../src/platform/docker/labels.ts';

const [program, ...words] = process.argv.slice(2);
if (program === undefined) throw new Error('name a command that loads the stack');

const { docker, close } = await connectDocker({ environment: process.env, deadlineMilliseconds: 10_000 });
const engine = dockerEngine({ docker });
const peaks = new Map<string, { peak: number; last: number; bound: number; killed: boolean }>();
const disks = new Map<string, number>();
let isOver = false;

async function look(name: string): Promise<void> {
  const used = await engine.containerUsage({ name });
  if (used === undefined) return;
  const { HostConfig, State } = await docker.getContainer(name).inspect();
  const before = peaks.get(name);
  peaks.set(name, {
    peak: Math.max(used.memoryBytes, before?.peak ?? 0),
    last: used.memoryBytes,
    bound: HostConfig.Memory ?? 0,
    killed: State.OOMKilled || before?.killed === true,
  });
}

async function measureDisks(): Promise<void> {
  const { Volumes } = (await docker.df()) as {
    Volumes: readonly { Name: string; UsageData?: { Size: number } }[];
  };
  for (const { Name, UsageData } of Volumes)
    if (UsageData !== undefined) disks.set(Name, Math.max(UsageData.Size, disks.get(Name) ?? 0));
}

async function watch(): Promise<void> {
  for (let round = 0; !isOver; round += 1) {
    const running = await docker.listContainers({ filters: { label: [arcLabels.role] } });
    // One that has just ended answers nothing, or is not there any more.
    await Promise.allSettled(running.map(({ Names: [name = ''] }) => look(name.slice(1))));
    if (round % 20 === 0) await measureDisks();
    await sleep(500);
  }
}

const child = spawn(program, words, { stdio: ['ignore', 'inherit', 'inherit'] });
const ended = new Promise<number>((resolve, reject) => {
  child.once('error', reject);
  child.once('exit', (status) => resolve(status ?? 1));
}).finally(() => {
  isOver = true;
});
const [status] = await Promise.all([ended, watch()]);
close();

const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`.padStart(9);
console.log(`\n${'peak'.padStart(9)}${'at last'.padStart(9)}${'bound'.padStart(9)}  container`);
for (const [name, { peak, last, bound, killed }] of [...peaks].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  console.log(
    `${mib(peak)}${mib(last)}${mib(bound)}  ${name}${killed ? ' (killed: it had no more memory)' : ''}`,
  );
console.log(`\n${'at most'.padStart(9)}  volume`);
for (const [name, size] of [...disks].toSorted(([a], [b]) => (a < b ? -1 : 1)))
  console.log(`${mib(size)}  ${name}`);
process.exitCode = status;
