import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectDocker, type DockerConnection } from '../../src/platform/docker/connect.ts';
import { dockerEngine } from '../../src/platform/docker/docker-engine.ts';
import { thisProcess } from '../../src/platform/docker/lock/holder.ts';
import { lockProject, type ProjectLock } from '../../src/platform/docker/lock/lock.ts';

// Two people on two laptops: two clients of one Engine, and neither can look at the other's processes.

const project = 'arc-test-lock';
const laptops = ['laptop1', 'laptop2'] as const;
type Laptop = (typeof laptops)[number];

let clients: Record<Laptop, DockerConnection>;
beforeAll(async () => {
  const connect = () => connectDocker({ environment: process.env, deadlineMilliseconds: 5_000 });
  clients = { laptop1: await connect(), laptop2: await connect() };
});
afterAll(() => {
  for (const laptop of laptops) clients[laptop].close();
});

function lock(laptop: Laptop): Promise<ProjectLock> {
  const { docker, endpoint } = clients[laptop];
  const holder = { ...thisProcess({ command: 'arc up' }), host: laptop, processes: `kernel of ${laptop}` };
  return lockProject({
    engine: dockerEngine({ docker }),
    ...{ project, command: 'arc up', address: endpoint.address, holder },
    signal: new AbortController().signal,
    warn: () => {},
  });
}

async function volumes(): Promise<readonly { name: string; createdAt: string }[]> {
  const { docker } = clients.laptop1;
  const { Volumes } = await docker.listVolumes({ filters: { label: [`arc.lock=${project}`] } });
  return Volumes.map((volume) => ({
    name: volume.Name,
    createdAt: 'CreatedAt' in volume ? String(volume.CreatedAt) : '',
  }));
}

describe('the lock on a real Engine', () => {
  it('is seen by every client, names its holder, and leaves nothing', async () => {
    const held = await lock('laptop1');
    await expect(lock('laptop2')).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(/^arc-test-lock is being changed by `arc up`, .* on laptop1, since /),
    });
    await held[Symbol.asyncDispose]();
    await (await lock('laptop2'))[Symbol.asyncDispose]();
    expect(await volumes()).toEqual([]);
  });

  it('has one winner of ten who come together from two machines', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, index) => lock(laptops[index % 2] ?? 'laptop1')),
    );
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(won).toHaveLength(1);
    await Promise.all(won.map(({ value }) => value[Symbol.asyncDispose]()));
    expect(await volumes()).toEqual([]);
  });

  it('is renewed, and the Engine says when by its own clock', async () => {
    const held = await lock('laptop1');
    const [first] = await volumes();
    // For a moment there are two, so that there never is none.
    const next = async () => (await volumes()).filter(({ name }) => name !== first?.name);
    await expect.poll(async () => (await next()).length, { timeout: 60_000 }).toBe(1);
    const [second] = await next();
    const passed = Date.parse(second?.createdAt ?? '') - Date.parse(first?.createdAt ?? '');
    expect(passed).toBeGreaterThanOrEqual(9_000);
    await held[Symbol.asyncDispose]();
    expect(await volumes()).toEqual([]);
  });
});
