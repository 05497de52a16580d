import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerInspectInfo } from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formsOf } from '../../src/manifest/flavours.ts';
import type { ContainerManifest, ServiceManifest } from '../../src/manifest/model.ts';
import { connectDocker, type DockerConnection } from '../../src/platform/docker/connect.ts';
import { loadWorkspace } from '../../src/workspace/load.ts';
import { type ProcessRights, processRights } from '../support/process-rights.ts';
import { runArc } from '../support/run-arc.ts';
import { copyWorkspace, type WorkspaceCopy } from './compose-workspace.ts';

// What the containers of the built images may do, as the kernel of this machine and the Engine see it. The real
// wrappers, made from their recipes; ingress and egress in their embedded flavour.

const repository = (await loadWorkspace({ cwd: join(import.meta.dirname, '..', '..') })).manifests.services;
const containersOf = (service: ServiceManifest): readonly ContainerManifest[] => [
  service,
  ...service.sidecars,
];
const isMade = (container: ContainerManifest): boolean =>
  formsOf(container).some(({ recipe }) => recipe !== undefined);
/** All the images that can be made here, in every service that has one. */
const roles = repository
  .flatMap(containersOf)
  .filter(isMade)
  .map(({ role }) => role);
const made = repository.filter((service) => containersOf(service).some(isMade)).map(({ role }) => role);
const none = '0000000000000000';

/** The product's services have no job, so one is added, with a user that is not its service's. */
const addedJob = `jobs:
  - name: arcuser-storage-look
    role: storage-look
    description: Runs to its end.
    depends_on: [storage]
    entrypoint: [/bin/sh, -c]
    command: ["exit 0"]
    user: "65531:65531"
    read_only: true
`;

let workspace: WorkspaceCopy;
let engine: DockerConnection;
let services: readonly ServiceManifest[];

beforeAll(async () => {
  workspace = copyWorkspace('arcuser');
  appendFileSync(join(workspace.root, 'services', 'storage', 'service.yaml'), addedJob);
  engine = await connectDocker({ environment: process.env, deadlineMilliseconds: 10_000 });
  services = (await loadWorkspace({ cwd: workspace.root })).manifests.services;
  await arc('generate');
  await arc('up', ...made, '--bases', 'local', '--yes');
});
afterAll(async () => {
  if (workspace === undefined) return;
  await arc('nuke', '--force');
  workspace.remove();
  engine?.close();
});

async function arc(...args: string[]): Promise<void> {
  const { exitCode, output } = await runArc(args, { cwd: workspace.root, limitMilliseconds: 1_500_000 });
  expect(exitCode, output).toBe(0);
}

function manifestOf(role: string): ContainerManifest {
  const found = services.flatMap(containersOf).find((container) => container.role === role);
  if (found === undefined) throw new Error(`there is no container ${role}`);
  return { ...found, ...found.flavours?.[0]?.form };
}

const inspect = (role: string): Promise<ContainerInspectInfo> =>
  engine.docker.getContainer(manifestOf(role).name).inspect();

/** The rights of every process of a container, as the kernel of this machine says them: its first process among them. */
async function processes(id: string): Promise<readonly ProcessRights[]> {
  const container = engine.docker.getContainer(id);
  const { Titles, Processes } = (await container.top()) as { Titles: string[]; Processes: string[][] };
  const pids = Processes.map((fields) => Number(fields[Titles.indexOf('PID')]));
  const first = (await container.inspect()).State.Pid;
  expect(pids).toContain(first);
  return pids.flatMap((pid) => {
    try {
      // The Engine is on this machine, and these are its processes.
      expect(readFileSync(`/proc/${pid}/cgroup`, 'utf8')).toContain(id);
      return [processRights(pid)];
    } catch (cause) {
      // A health check's own process may have ended since the Engine listed it; the container's first one has not.
      if (hasEnded(cause) && pid !== first) return [];
      throw cause;
    }
  });
}

/** What reading of a process answers that is no more; see proc(5). */
const hasEnded = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ESRCH');

/** Runs a command in a container that runs, as a user of the test's choice. */
async function execute(options: { role: string; user: string; script: string }) {
  const { role, user, script } = options;
  const exec = await engine.docker.getContainer(manifestOf(role).name).exec({
    Cmd: ['/bin/sh', '-c', script],
    User: user,
    AttachStdout: true,
    AttachStderr: true,
    Tty: true,
  });
  const stream = await exec.start({ Tty: true });
  let output = '';
  for await (const chunk of stream) output += String(chunk);
  return { exitCode: (await exec.inspect()).ExitCode, output };
}

describe.each(roles)('the container of %s', (role) => {
  it("runs as its manifest's user in every process, and can become no other", async () => {
    const [uid = '', gid = ''] = manifestOf(role).user.split(':');
    expect(Number(uid)).toBeGreaterThan(0);
    for (const { uids, gids, groups } of await processes((await inspect(role)).Id)) {
      expect(uids).toEqual([uid, uid, uid, uid]);
      expect(gids).toEqual([gid, gid, gid, gid]);
      expect(groups.filter((group) => group !== gid)).toEqual([]);
    }
  });

  it('has no capability, and can gain none', async () => {
    const { Id, HostConfig } = await inspect(role);
    expect(HostConfig).toMatchObject({ Privileged: false, CapAdd: null });
    expect(HostConfig.Devices ?? []).toEqual([]);
    for (const { capabilities, noNewPrivileges } of await processes(Id)) {
      expect(capabilities).toMatchObject({ CapPrm: none, CapEff: none, CapInh: none, CapAmb: none });
      expect(noNewPrivileges).toBe(true);
    }
  });

  it('has a root file system that not even root can write to', async () => {
    expect(manifestOf(role).read_only).toBe(true);
    for (const { rootMount } of await processes((await inspect(role)).Id)) {
      expect(rootMount).toContain('ro');
    }
    const { exitCode, output } = await execute({ role, user: '0:0', script: 'echo x > /arc-was-here' });
    expect(output).toContain('Read-only file system');
    expect(exitCode).not.toBe(0);
  });

  it('can write to its data, as its own user', async () => {
    for (const { target } of manifestOf(role).volumes) {
      const file = join(target, '.arc-was-here');
      const script = `echo written > ${file} && read line < ${file} && echo "$line" && rm ${file}`;
      const { exitCode, output } = await execute({ role, user: manifestOf(role).user, script });
      expect({ exitCode, output: output.trim() }).toEqual({ exitCode: 0, output: 'written' });
    }
  });
});

it('a job runs as its own user with no more rights', async () => {
  const [job] = services.flatMap(({ jobs }) => jobs);
  if (job === undefined) throw new Error('there is no job');
  const { Config, HostConfig, State } = await engine.docker.getContainer(job.name).inspect();
  expect(State.ExitCode).toBe(0);
  expect(Config.User).toBe(job.user);
  expect(job.user).not.toBe(manifestOf('storage').user);
  expect(HostConfig).toMatchObject({
    Privileged: false,
    CapAdd: null,
    ReadonlyRootfs: true,
    SecurityOpt: ['no-new-privileges=true'],
  });
});

describe.each(roles)('the image of %s, run by somebody without arc', (role) => {
  it('has the user of its manifest, and no capability', async () => {
    const { image, user } = manifestOf(role);
    const [uid = '', gid = ''] = user.split(':');
    const { Config } = await engine.docker.getImage(image).inspect();
    expect(Config.User).toBe(user);
    // The shell waits for a line that never comes.
    const container = await engine.docker.createContainer({
      Image: image,
      Entrypoint: ['/bin/sh', '-c', 'read line'],
      Cmd: [],
      OpenStdin: true,
      NetworkDisabled: true,
    });
    try {
      await container.start();
      for (const { uids, gids, capabilities } of await processes(container.id)) {
        expect(new Set(uids)).toEqual(new Set([uid]));
        expect(new Set(gids)).toEqual(new Set([gid]));
        expect(capabilities).toMatchObject({ CapPrm: none, CapEff: none, CapAmb: none });
      }
    } finally {
      await container.remove({ force: true, v: true });
    }
  });
});
