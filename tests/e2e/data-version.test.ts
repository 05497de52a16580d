import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';
import { until } from '../support/until.ts';

const volume = 'arc-cache-data';
const base = 'appendonly.aof.2.base.rdb';
const cache = ['cache', '--bases', 'local'];

let stage: Stage;
/** A copy of the data as a tar archive, with its owners. */
let written: Buffer;

beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['up', ...cache, '--yes']);
  await redis('SET kept since-before');
  // The value is in the beginning of the append-only file then, which is an RDB file.
  await redis('BGREWRITEAOF');
  const rewritten = `${base}\nappendonly.aof.2.incr.aof\nappendonly.aof.manifest`;
  await until({
    what: 'the rewritten file',
    ask: async () => (await inCache('ls /data/appendonlydir')) === rewritten,
  });
  await stage.succeed(['down', 'cache']);
  written = await throughContainer(readData);
});
afterAll(() => stage?.close());

async function inCache(script: string): Promise<string> {
  return (await stage.succeed(['exec', 'cache', 'sh', '-c', script])).stdout.trim();
}

function redis(command: string): Promise<string> {
  return inCache(`. /etc/arc/redis-cli.env && redis-cli ${command}`);
}

type Container = ReturnType<Stage['engine']['docker']['getContainer']>;

/** Looks at the data, or writes it, through a container that never runs. */
async function throughContainer<Result>(use: (container: Container) => Promise<Result>): Promise<Result> {
  const container = await stage.engine.docker.createContainer({
    Image: 'ghcr.io/arc-framework/arc-cache:latest',
    Cmd: ['never'],
    HostConfig: { Binds: [`${volume}:/data`] },
  });
  try {
    return await use(container);
  } finally {
    await container.remove();
  }
}

async function readData(container: Container): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await container.getArchive({ path: '/data' })) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The same data with another version in its one RDB file. */
async function withVersion(version: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'arc-data-'));
  try {
    await execa('tar', ['-C', folder, '-xpf', '-'], { input: written });
    const file = join(folder, 'data', 'appendonlydir', base);
    const bytes = readFileSync(file);
    expect(bytes.toString('latin1', 0, 9)).toBe('REDIS0010');
    bytes.write(version, 5, 'latin1');
    writeFileSync(file, bytes);
    const ids = ['--owner=65532', '--group=65532', '--numeric-owner'];
    const packed = await execa('tar', ['-C', folder, ...ids, '-cf', '-', 'data'], { encoding: 'buffer' });
    return Buffer.from(packed.stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function putVersion(version: string): Promise<void> {
  const archive = await withVersion(version);
  await throughContainer((container) => container.putArchive(archive, { path: '/' }));
}

const refused = `error[data-too-new]
  The data in ${volume} was written in version 12 of its format, and arc-cache reads up to version 10.`;

describe('data of a newer Redis than the one of the recipe', () => {
  it('keeps a container that is made for it from being started, and stays as it is', async () => {
    await putVersion('0012');
    const before = await throughContainer(readData);
    const { exitCode, stderr } = await stage.arc(['up', ...cache, '--yes']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(refused);
    expect(stderr).toContain(`/data/appendonlydir/${base} says so`);
    expect(stderr).toContain('arc up cache --bases registry');
    expect((await stage.engine.containers())['arc-cache']?.state).toBe('created');
    expect((await throughContainer(readData)).equals(before)).toBe(true);
  });

  it('is in the plan, which fails, and up changes nothing then', async () => {
    const before = await stage.engine.runs();
    const plan = await stage.arc(['plan', ...cache]);
    expect(plan.exitCode).toBe(1);
    expect(plan.stderr).toContain(refused);
    const up = await stage.arc(['up', ...cache, '--yes']);
    expect(up.exitCode).toBe(1);
    expect(up.stderr).toContain(refused);
    expect(await stage.engine.runs()).toEqual(before);
  });

  it('stops nothing that runs', async () => {
    await putVersion('0010');
    await stage.succeed(['up', ...cache, '--yes']);
    const before = await stage.engine.runs();
    await putVersion('0012');
    const { exitCode, stderr } = await stage.arc(['restart', ...cache]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(refused);
    expect(await stage.engine.runs()).toEqual(before);
  });

  it('is real data, which its Redis loads once it has its own version again', async () => {
    await putVersion('0010');
    await stage.succeed(['restart', ...cache]);
    expect(await redis('GET kept')).toBe('since-before');
  });
});

it('data that does not say its version is a warning, and what Redis makes of it is seen', async () => {
  await stage.succeed(['down', 'cache']);
  await putVersion('XXXX');
  const { exitCode, stderr } = await stage.arc(['up', ...cache, '--yes']);
  expect(stderr).toContain('warning[data-version-unknown]');
  expect(stderr).toContain('its beginning does not match ^REDIS(\\d{4})');
  expect(exitCode).toBe(1);
});
