import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';

// Two projects on one Engine: the first with the names and ports of the manifests, the second with its own.

const part = ['realtime', '--without', 'realtime-ingress', '--without', 'realtime-egress'];
const password = 'arc-dev-redis-password';
const project = 'arc-second';

let stage: Stage;
let second: string;
beforeAll(async () => {
  stage = await openStage({ settings: { media: 'mux' } });
  second = stage.workspace.path('second');
});
afterAll(async () => {
  if (second !== undefined) await inSecond(['nuke', '--force']);
  await stage?.close();
});

const inSecond = (args: readonly string[]) => stage.arc(args, { cwd: second });

async function succeedInSecond(args: readonly string[]) {
  const ran = await inSecond(args);
  expect(ran.exitCode, `arc ${args.join(' ')}\n${ran.output}`).toBe(0);
  return ran;
}

async function redis(cwd: string, words: readonly string[]): Promise<string> {
  const call = ['exec', 'cache', 'redis-cli', '--no-auth-warning', '-a', password, ...words];
  return (await stage.succeed(call, { cwd })).stdout.trim();
}

/** Names of everything on the Engine that has a project's label. */
async function objectsOf(name: string): Promise<readonly string[]> {
  const { docker } = stage.engine;
  const filters = { label: [`arc.project=${name}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const { Volumes } = await docker.listVolumes({ filters });
  const networks = await docker.listNetworks({ filters });
  return [
    ...containers.map(({ Names }) => Names[0]?.slice(1) ?? ''),
    ...Volumes.map(({ Name }) => Name),
    ...networks.map(({ Name }) => Name),
  ].sort();
}

describe('a second workspace', () => {
  it('is made with names and ports of its own', async () => {
    await stage.succeed([
      ...['init', 'second', '--project', project, '--names', 'project', '--ports', 'auto'],
      ...['--services', 'realtime', '--media', 'mux', '--yes'],
    ]);
    expect(readFileSync(join(second, 'arc.yaml'), 'utf8')).toContain(
      'names: project\nports: { offset: auto }\n',
    );
  });

  it('is refused the names of the first without them, and told what to write', async () => {
    await stage.succeed(['up', 'cache', '--yes']);
    await succeedInSecond(['plan', 'cache']);
    stage.workspace.edit('second/arc.yaml', 'names: project\n', '');
    const refused = await inSecond(['plan', 'cache']);
    stage.workspace.edit('second/arc.yaml', 'ports:', 'names: project\nports:');
    expect(refused.stderr).toContain('error[container-name-taken]');
    expect(refused.stderr).toContain('`names: project` in arc.yaml');
  });

  it('boots beside the first, and both are healthy down to the media that participants hear', async () => {
    await stage.succeed(['up', ...part, '--yes']);
    const booted = await succeedInSecond(['up', ...part, '--yes', '--json']);
    expect(resultOf<{ portOffset: number }>(booted.stdout).portOffset).toBe(1000);
    expect(booted.output).toContain('front-door-elsewhere');
    expect(await objectsOf(project)).toEqual([
      ...['arc-second-cache', 'arc-second-cache-data', 'arc-second-realtime', 'arc-second_platform_net'],
    ]);
    const first = await stage.succeed(['health']);
    expect(first.stderr).not.toContain('front-door-elsewhere');
    const { stderr } = await succeedInSecond(['health']);
    const warning = 'realtime goes without its port turn: TURN over TLS is off';
    expect(stderr).toContain(warning);
    expect((await succeedInSecond(['validate'])).stderr).toContain(warning);
    expect((await stage.succeed(['validate'])).stderr).not.toContain(warning);
  });

  it('has data of its own, under the same host name', async () => {
    await redis(stage.workspace.root, ['SET', 'whose', 'first']);
    await redis(second, ['SET', 'whose', 'second']);
    expect(await redis(stage.workspace.root, ['GET', 'whose'])).toBe('first');
    expect(await redis(second, ['GET', 'whose'])).toBe('second');
  });

  it('keeps the ports that were chosen, and has nothing to do the second time', async () => {
    expect(JSON.parse(readFileSync(join(second, '.arc/ports.json'), 'utf8'))).toEqual({ offset: 1000 });
    const again = await succeedInSecond(['up', ...part]);
    expect(again.stdout).toContain('Nothing to do');
    expect(again.stdout).toContain('Ports are those of the manifests plus 1000');
    expect(again.stdout).toContain('127.0.0.1:8880');
    expect((await succeedInSecond(['plan', ...part, '--exit-code'])).stdout).toBe('nothing to do');
    expect((await stage.succeed(['plan', ...part, '--exit-code'])).stdout).toBe('nothing to do');
  });

  it('stops without the other', async () => {
    const before = await stage.engine.runs();
    await succeedInSecond(['down']);
    expect(await objectsOf(project)).toEqual(['arc-second-cache-data', 'arc-second_platform_net']);
    expect(await stage.engine.runs()).toEqual(before);
    await stage.succeed(['health']);
    await stage.succeed(['down']);
  });
});

describe('new names of a workspace that has data', () => {
  it('are refused while the data is under the old ones', async () => {
    stage.workspace.edit('arc.yaml', 'project: arc-e2e\n', 'project: arc-e2e\nnames: project\n');
    const { exitCode, stderr } = await stage.arc(['up', 'cache', '--yes']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[volume-renamed]');
    expect(stderr).toContain('The data of cache is in the volume arc-cache-data');
    expect(await objectsOf('arc-e2e')).not.toContain('arc-e2e-cache');
  });

  it('find it once it was copied', async () => {
    const to = 'arc-e2e-cache-data';
    const labels = ['--label', 'arc.project=arc-e2e', '--label', 'arc.role=cache'];
    await execa('docker', ['volume', 'create', ...labels, to]);
    await execa('docker', [
      ...['run', '--rm', '--user', '0', '--entrypoint', 'cp'],
      ...['--volume', 'arc-cache-data:/from:ro', '--volume', `${to}:/to`],
      ...['ghcr.io/arc-framework/arc-cache:latest', '-a', '/from/.', '/to/'],
    ]);
    await stage.succeed(['up', 'cache', '--yes']);
    expect(await redis(stage.workspace.root, ['GET', 'whose'])).toBe('first');
    expect(await objectsOf('arc-e2e')).toContain('arc-e2e-cache');
  });

  it('leave nothing under the old ones after a clean', async () => {
    await stage.succeed(['clean', '--yes']);
    expect((await objectsOf('arc-e2e')).filter((name) => name.endsWith('-data'))).toEqual([]);
  });
});
