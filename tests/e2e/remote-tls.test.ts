import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDockerEngine } from '../../scripts/build-go-tool.ts';
import {
  type FarMachine,
  farMachineNeeds,
  startFarMachine,
  tlsPort,
} from '../support/far-machine/machine.ts';
import { needs } from '../support/needs.ts';
import { runArc } from '../support/run-arc.ts';
import { makeWorkspace, type TestWorkspace } from '../support/workspace.ts';

// Nothing but TCP with TLS leads to the Engine, so arc can ask only ports that the far machine publishes for everyone.
// Each test goes on where the last one ended.

const needed = needs(...farMachineNeeds);
const minute = 60_000;
const profile = `  shared:
    description: Rooms for people on other machines, without a gateway in front.
    services: [realtime]
    production: true
`;
const selection = ['shared', '--without', 'realtime-ingress', '--without', 'realtime-egress'];

describe('an Engine over TLS, with ports that other machines may reach', needed, () => {
  let workspace: TestWorkspace;
  let far: FarMachine;

  beforeAll(async () => {
    if (needed.skip) return;
    const programs = await buildDockerEngine({ environment: process.env, progress: () => {} });
    far = await startFarMachine({ programs });
    workspace = makeWorkspace({ settings: { media: 'mux', node_ip: far.address } });
    for (const [service, purpose] of [
      ['cache', 'purpose: Redis protocol'],
      ['realtime', 'purpose: API and WebRTC signalling'],
    ] as const)
      workspace.edit(`services/${service}/service.yaml`, purpose, `public: true\n    ${purpose}`);
    workspace.write('services/profiles.yaml', `${workspace.read('services/profiles.yaml')}${profile}`);
    await succeed(['secrets', 'generate']);
  }, 5 * minute);
  afterAll(async () => {
    await far?.close();
    workspace?.remove();
  });

  async function succeed(args: readonly string[]) {
    const ran = await runArc(args, {
      cwd: workspace.root,
      before: far.before,
      environment: {
        ...far.environment,
        DOCKER_HOST: `tcp://${far.address}:${tlsPort}`,
        DOCKER_TLS_VERIFY: '1',
        DOCKER_CERT_PATH: far.certificates,
      },
    });
    expect(ran.exitCode, `arc ${args.join(' ')}\n${ran.output}`).toBe(0);
    return ran;
  }

  const containers = async () =>
    (await far.engine.docker.listContainers({ all: true })).map(({ Names }) => Names[0]?.slice(1)).sort();

  it('boots the stack, and waits until it is healthy', { timeout: 3 * minute }, async () => {
    const { output } = await succeed(['up', ...selection]);
    expect(output).toContain('2 containers are healthy');
    expect(await containers()).toEqual(['arc-cache', 'arc-realtime']);
    expect((await succeed(['plan', ...selection])).stdout).toContain('nothing to do');
  });

  it('is healthy, and two participants hear each other through it', async () => {
    const { stdout } = await succeed(['health', ...selection]);
    expect(stdout).toMatch(/media .*joined in \d+ ms, heard \d+ ms later/);
    expect(stdout).not.toMatch(/✗|failed/);
  });

  it('loses its containers with arc down, and keeps the data', async () => {
    await succeed(['down', ...selection]);
    expect(await containers()).toEqual([]);
    const { Volumes } = await far.engine.docker.listVolumes();
    expect(Volumes.map(({ Name }) => Name)).toEqual(['arc-cache-data']);
  });
});
