import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDockerEngine } from '../../scripts/build-go-tool.ts';
import {
  type FarMachine,
  farMachineNeeds,
  startFarMachine,
  tlsPort,
} from '../support/far-machine/machine.ts';
import { needs } from '../support/needs.ts';
import { processes } from '../support/processes.ts';
import { type RunOptions, runArc, startArc, untilLine } from '../support/run-arc.ts';
import { leaksIn, secretValues } from '../support/secret-values.ts';
import { until } from '../support/until.ts';
import { makeWorkspace, type TestWorkspace } from '../support/workspace.ts';

// An Engine on another machine: another network namespace, with nothing between the two but a wire and an sshd. Each
// test goes on where the last one ended.

const needed = needs(...farMachineNeeds);
const minute = 60_000;
const without = ['--without', 'realtime-ingress', '--without', 'realtime-egress'];

let workspace: TestWorkspace;
let far: FarMachine;

type Call = Pick<RunOptions, 'environment'>;
const secret = 'a-redis-password-of-this-test';
/** Its image has a shell, and no cat. */
const readConfig = 'while read -r line; do echo "$line"; done < /etc/livekit.yaml';
const overSsh = { DOCKER_HOST: 'ssh://farbox' };

/** Runs arc on the machine without an Engine. */
const callOf = ({ environment = overSsh }: Call = {}): RunOptions => ({
  cwd: workspace.root,
  before: far.before,
  environment: { ...far.environment, REDIS_PASSWORD: secret, ...environment },
});
const arc = (args: readonly string[], call?: Call) => runArc(args, callOf(call));

async function succeed(args: readonly string[], call?: Call) {
  const ran = await arc(args, call);
  expect(ran.exitCode, `arc ${args.join(' ')}\n${ran.output}`).toBe(0);
  return ran;
}

const containers = async () =>
  (await far.engine.docker.listContainers({ all: true })).map(({ Names }) => Names[0]?.slice(1)).sort();
const volumes = async () =>
  ((await far.engine.docker.listVolumes()).Volumes ?? []).map(({ Name }) => Name).sort();
const connections = () => readdirSync(tmpdir()).filter((name) => name.startsWith('arc-ssh-'));

/** What the far machine has of a container, as text. */
const inspected = async (name: string) =>
  JSON.stringify(await far.engine.docker.getContainer(name).inspect());

async function open(programs: string | undefined): Promise<void> {
  far = await startFarMachine(programs === undefined ? {} : { programs });
  workspace = makeWorkspace({ settings: { media: 'mux' } });
}

async function close(): Promise<void> {
  const open = connections();
  await far?.close();
  workspace?.remove();
  expect(open, 'connections left behind').toEqual([]);
}

describe('an Engine of today on another machine, over SSH', needed, () => {
  beforeAll(async () => {
    if (!needed.skip) await open(await buildDockerEngine({ environment: process.env, progress: () => {} }));
  }, 5 * minute);
  afterAll(async () => {
    if (!needed.skip) await close();
  });

  it('boots a stack whose ports are on its loopback alone', { timeout: 3 * minute }, async () => {
    const { output } = await succeed(['up', 'realtime', 'cache', ...without]);
    expect(output).toContain('2 containers are healthy');
    expect(await containers()).toEqual(['arc-cache', 'arc-realtime']);
  });

  it('is healthy, and two participants hear each other through it', async () => {
    const { stdout } = await succeed(['health', 'realtime', 'cache']);
    expect(stdout).toMatch(/media .*joined in \d+ ms, heard \d+ ms later/);
    expect(stdout).not.toMatch(/failed|skipped/);
  });

  it('has its config files, and shows no secret of them in what it tells of a container', async () => {
    const { stdout } = await succeed(['exec', 'cache', 'cat', '/etc/arc/redis.conf']);
    expect(stdout).toContain(secret);
    const refused = await arc(['exec', 'cache', 'sh', '-c', 'echo x > /etc/arc/redis.conf']);
    expect(refused.output).toContain('Read-only file system');
    expect(await inspected('arc-cache')).not.toContain(secret);
    expect(leaksIn(await inspected('arc-realtime'), secretValues(workspace))).toEqual([]);
  });

  it('has nothing to do then, wherever the workspace is', async () => {
    expect((await succeed(['plan', 'realtime', 'cache', ...without])).stdout).toContain('nothing to do');
  });

  it('is given a changed config file with a container of its own', { timeout: 2 * minute }, async () => {
    workspace.edit('services/realtime/livekit.yaml.liquid', 'level: info', 'level: debug');
    const { exitCode, stdout } = await arc(['plan', 'realtime', ...without]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('config');
    await succeed(['generate']);
    await succeed(['up', 'realtime', 'cache', ...without, '--yes']);
    expect((await succeed(['exec', 'realtime', 'sh', '-c', readConfig])).stdout).toContain('level: debug');
    expect((await succeed(['plan', 'realtime', ...without])).stdout).toContain('nothing to do');
  });

  it('shows logs, and answers through a Docker context', async () => {
    expect((await succeed(['logs', 'realtime'])).stdout).toContain('starting LiveKit server');
    const docker = (...args: string[]) => execa('docker', args, { env: { ...far.environment } });
    await docker('context', 'create', 'far', '--docker', 'host=ssh://farbox');
    const { stdout } = await succeed(['health', 'cache', '--shallow'], {
      environment: { DOCKER_CONTEXT: 'far' },
    });
    expect(stdout).toContain('arc-cache');
  });

  it('answers over TLS, which leads to the Engine and to nothing else of its machine', async () => {
    const environment = {
      DOCKER_HOST: `tcp://${far.address}:${tlsPort}`,
      DOCKER_TLS_VERIFY: '1',
      DOCKER_CERT_PATH: far.certificates,
    };
    expect((await succeed(['status'], { environment })).stdout).toMatch(/arc-cache .* running/);
    expect(
      (await succeed(['exec', 'cache', 'cat', '/etc/arc/redis.conf'], { environment })).stdout,
    ).toContain(secret);
    expect((await succeed(['plan', 'cache'], { environment })).stdout).toContain('nothing to do');
    const health = await arc(['health', 'cache', '--shallow'], { environment });
    expect(health.stdout).toContain("published on 127.0.0.1 of the Engine's machine alone");
    const { DOCKER_CERT_PATH: _, ...without } = environment;
    expect((await arc(['status'], { environment: without })).exitCode).toBe(4);
  });

  it('that nobody has a host key of is not connected to', async () => {
    const known = { PATH: far.environment.PATH ?? '', DOCKER_HOST: `ssh://root@${far.address}:2222` };
    const { exitCode, stderr } = await arc(['status'], { environment: known });
    expect(exitCode).toBe(4);
    expect(stderr).toContain('error[ssh-host-key]');
  });

  it('loses its containers and their config files, and keeps the data', async () => {
    await succeed(['down']);
    expect(await containers()).toEqual([]);
    expect(await volumes()).toEqual(['arc-cache-data']);
    await succeed(['nuke', '--force']);
    expect(await volumes()).toEqual([]);
  });
});

describe('the Engine of Debian on another machine, over SSH', needed, () => {
  beforeAll(async () => {
    if (!needed.skip) await open(undefined);
  }, 5 * minute);
  afterAll(async () => {
    if (!needed.skip) await close();
  });

  it('is lost in the middle of a boot, and the same command goes on', { timeout: 3 * minute }, async () => {
    const boot = startArc(['up', 'cache'], callOf());
    await untilLine(boot.stderr, (line) => line.includes('building image'));
    await far.cut();
    const lost = await boot;
    expect(lost.exitCode, lost.all).toBe(1);
    expect(lost.stderr).toContain('error[ssh-lost]\n  The SSH connection to farbox broke.');
    expect((await succeed(['up', 'cache'])).output).toContain('1 container is healthy');
  });

  it('has its config files, read-only, where it cannot mount a part of a volume', async () => {
    expect((await succeed(['exec', 'cache', 'cat', '/etc/arc/redis.conf'])).stdout).toContain(secret);
    const refused = await arc(['exec', 'cache', 'sh', '-c', 'echo x > /etc/arc/redis.conf']);
    expect(refused.output).toContain('Read-only file system');
    expect((await succeed(['plan', 'cache'])).stdout).toContain('nothing to do');
  });

  it('is let go of where arc is killed, and nothing of it is left after the next command', async () => {
    const watch = startArc(['health', 'cache', '--watch', '--shallow'], callOf());
    await untilLine(watch.stdout, (line) => line.includes('arc-cache'));
    const [folder = 'none'] = connections();
    expect(processes().some(({ command }) => command.includes(folder))).toBe(true);
    watch.kill('SIGKILL');
    await watch;
    await until({
      what: 'the end of its ssh',
      ask: () => processes().every(({ command }) => !command.includes(folder)),
    });
    await succeed(['status']);
    expect(connections()).toEqual([]);
  });

  it('keeps no config files of a container that somebody else removed', async () => {
    await far.engine.docker.getContainer('arc-cache').remove({ force: true });
    expect(await volumes()).toEqual(['arc-cache-config', 'arc-cache-data']);
    await succeed(['down']);
    expect(await volumes()).toEqual(['arc-cache-data']);
  });
});
