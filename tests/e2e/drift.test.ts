import { PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { openBucketServer } from '../../src/providers/s3/bucket/client.ts';
import { resultOf } from '../support/run-arc.ts';
import { openStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['up', 'cache', '--yes', '--quiet']);
});
afterAll(() => stage?.close());

type Found = {
  drift: { on: string; what: string; before: string; now: string; by: { who?: string; did?: string } }[];
  unknown: unknown[];
};

async function drift(): Promise<Found> {
  const { stdout, exitCode } = await stage.arc(['drift', '--json']);
  expect(exitCode, stdout).toBe(3);
  return resultOf<Found>(stdout);
}

it('there is none after a boot', async () => {
  expect((await stage.succeed(['drift'])).stdout).toBe('Nothing was changed by hand.');
});

it('is found where somebody has changed, renamed, connected and stopped a container by hand', async () => {
  const { docker } = stage.engine;
  const cache = docker.getContainer('arc-cache');
  const network = await docker.createNetwork({ Name: 'arc-drift-side' });
  await cache.update({ Memory: 300_000_000, MemorySwap: 600_000_000 });
  await network.connect({ Container: 'arc-cache' });
  await cache.rename({ name: 'mine' });
  await docker.getContainer('mine').stop();
  try {
    const { drift: found, unknown } = await drift();
    expect(unknown).toEqual([]);
    const on = 'container/mine';
    expect(found).toEqual([
      expect.objectContaining({ on, what: 'state', before: 'running', now: 'exited with 0' }),
      expect.objectContaining({ on, what: 'name', before: 'arc-cache', now: 'mine' }),
      expect.objectContaining({ on, what: 'memory', now: '300 MB' }),
      expect.objectContaining({ on, what: 'network arc-drift-side', now: 'connected' }),
    ]);
    expect(found.map(({ by }) => by.did)).toEqual(['stop', 'rename', 'update', 'connect']);
    const { stdout } = await stage.arc(['drift', 'cache']);
    expect(stdout).toMatch(/container\/mine {2}state .* unknown \(stop at .* UTC\)/);
    expect(stdout).toContain('`arc restart --recreate cache` recreates it and keeps its data.');
    await stage.succeed(['restart', '--recreate', 'cache']);
  } finally {
    await network.remove();
  }
  expect((await stage.succeed(['drift'])).stdout).toBe('Nothing was changed by hand.');
});

it('is found in a config file, before and after its container got the edit', async () => {
  const file = 'services/cache/redis.conf';
  const before = stage.workspace.read(file);
  stage.workspace.edit(file, 'appendonly yes', 'appendonly yes\n# mine');
  const edited = expect.objectContaining({ on: `file/${file}`, before: 'as generated', now: 'edited' });
  expect((await drift()).drift).toEqual([edited]);
  await stage.succeed(['up', 'cache']);
  expect(await drift()).toMatchObject({ drift: [edited], unknown: [] });
  stage.workspace.write(file, before);
});

it('is a container on the network that arc did not make, with its maker', async () => {
  const { docker } = stage.engine;
  const { Image: image, NetworkSettings: settings } = await docker.getContainer('arc-cache').inspect();
  const [network = ''] = Object.keys(settings.Networks);
  const guest = await docker.createContainer({
    name: 'arc-drift-guest',
    Image: image,
    Cmd: ['-'],
    Labels: { 'com.docker.compose.project': 'shop' },
    HostConfig: { NetworkMode: network },
  });
  try {
    expect((await drift()).drift).toContainEqual(
      expect.objectContaining({
        on: 'container/arc-drift-guest',
        what: `network ${network}`,
        by: { who: 'the Docker Compose project "shop"' },
      }),
    );
  } finally {
    await guest.remove();
  }
});

it('is a field of a bucket that was changed on the server, which `arc up` sets right', async () => {
  const declared = 'kind: s3.bucket, name: recordings';
  stage.workspace.edit('services/storage/service.yaml', declared, `${declared}, versioning: true`);
  await stage.succeed(['up', 'storage', '--yes', '--quiet']);
  await stage.succeed(['drift', 'storage']);
  const { s3 } = openBucketServer({
    role: 'storage',
    fields: {
      access_key: new Secret('arc-dev-minio'),
      secret_key: new Secret('arc-dev-minio-password'),
      region: 'us-east-1',
    },
    address: { host: '127.0.0.1', port: 9000 },
  });
  const VersioningConfiguration = { Status: 'Suspended' } as const;
  await s3.send(new PutBucketVersioningCommand({ Bucket: 'recordings', VersioningConfiguration }));
  const { exitCode, stdout } = await stage.arc(['drift', 'storage']);
  expect(stdout).toMatch(/^bucket\/recordings {2}versioning {2}on → off {3}\s*unknown$/m);
  expect(stdout).toContain('`arc up storage` undoes the change.');
  expect(exitCode).toBe(3);
  await stage.succeed(['up', 'storage']);
  await stage.succeed(['drift', 'storage']);
});
