import { PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/stage.ts';

// One storage from before it exists to after it is stopped, in this order.
const manifest = 'services/storage/service.yaml';
const declared = '  - { kind: s3.bucket, name: recordings }\n';
const old = '  - { kind: s3.bucket, name: old, versioning: true }\n';

let stage: Stage;
let s3: S3Client;

beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['images', 'build', 'storage']);
  s3 = new S3Client({
    endpoint: 'http://127.0.0.1:9000',
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'arc-dev-minio', secretAccessKey: 'arc-dev-minio-password' },
  });
});
afterAll(() => stage?.close());

const plan = async (...more: string[]) =>
  (await stage.succeed(['plan', 'storage', ...more])).stdout.split('\n');

describe('the plan of a bucket', () => {
  it('is that it will be made, while its server does not exist', async () => {
    expect(await plan()).toContain('+ bucket recordings  (no existing bucket)');
  });

  it('is carried out with the boot, and is empty after it', async () => {
    const { stderr } = await stage.succeed(['up', 'storage']);
    expect(stderr).toMatch(/storage created bucket recordings/);
    expect(await plan()).toEqual(['nothing to do']);
  });

  it('shows each field that a manifest changes, while its server runs', async () => {
    stage.workspace.edit(manifest, declared, '  - { kind: s3.bucket, name: recordings, versioning: true }\n');
    expect(await plan()).toEqual(['~ bucket recordings  (versioning: off → on)']);
    await stage.succeed(['up', 'storage']);
    expect(await plan()).toEqual(['nothing to do']);
  });

  it('says what somebody has changed by hand', async () => {
    const VersioningConfiguration = { Status: 'Suspended' } as const;
    await s3.send(new PutBucketVersioningCommand({ Bucket: 'recordings', VersioningConfiguration }));
    expect(await plan()).toEqual(['~ bucket recordings  (versioning: off → on, changed by hand)']);
  });

  it('is not known while its server is stopped, and is found out when that runs again', async () => {
    await stage.succeed(['down', 'storage']);
    expect(await plan()).toContain('? bucket recordings  (known once arc-storage runs)');
    const { stderr } = await stage.succeed(['up', 'storage']);
    expect(stderr).toMatch(/storage changed bucket recordings/);
    expect(await plan()).toEqual(['nothing to do']);
  });
});

describe('a bucket that no manifest declares any more', () => {
  const declareOld = async (): Promise<void> => {
    const before = stage.workspace.read(manifest);
    stage.workspace.write(manifest, before.replace('provision:\n', `provision:\n${old}`));
    await stage.succeed(['up', 'storage']);
    stage.workspace.write(manifest, before);
  };

  it('is removed with the next boot where nothing is in it', async () => {
    await declareOld();
    expect(await plan()).toEqual(['- bucket old  (no manifest declares it any more)']);
    await stage.succeed(['up', 'storage']);
    expect(await plan()).toEqual(['nothing to do']);
  });

  it('stays where something is in it, and whoever asks is told how much, until its loss is agreed to by name', async () => {
    await declareOld();
    await s3.send(new PutObjectCommand({ Bucket: 'old', Key: 'one', Body: 'something' }));
    const { stdout, stderr } = await stage.succeed(['up', 'storage', '--yes']);
    expect(stdout).toMatch(/^Nothing to do/);
    expect(stderr).toContain('No manifest declares the bucket old any more, but it has 1 object, 9 B');
    expect(stderr).toContain('`arc up --lose bucket/old` removes it');
    expect(await plan('--lose', 'bucket/old')).toEqual([
      '- bucket old  (no manifest declares it any more; loses 1 object, 9 B)',
    ]);
    await stage.succeed(['up', 'storage', '--lose', 'bucket/old']);
    expect(await plan()).toEqual(['nothing to do']);
  });
});
