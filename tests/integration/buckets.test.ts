import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketTaggingCommand,
  ListBucketsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../../src/core/plan.ts';
import { addressOf } from '../../src/core/resource.ts';
import { Secret } from '../../src/core/secret.ts';
import { lasting } from '../../src/core/socket-address.ts';
import { lossesOf } from '../../src/core/step.ts';
import { type BucketServer, openBucketServer } from '../../src/providers/s3/bucket/client.ts';
import { bucketDriver } from '../../src/providers/s3/bucket/driver.ts';
import type { BucketSpec } from '../../src/providers/s3/bucket/model.ts';
import type { BucketStep } from '../../src/providers/s3/bucket/plan.ts';
import { objectsLost } from '../../src/providers/s3/losses.ts';
import { openStage, type Stage } from '../support/stage.ts';

const driver = bucketDriver('arc');
const signal = new AbortController().signal;
const io = { signal, progress: () => {}, nearlyDone: () => {} };
const tmp = { prefix: 'tmp/', expireDays: 7 };

let stage: Stage;
let server: BucketServer;
let s3: S3Client;

beforeAll(async () => {
  stage = await openStage();
  await stage.succeed(['up', 'storage', '--yes', '--quiet']);
  server = serverWith('arc-dev-minio-password');
  s3 = server.s3;
});
afterAll(() => stage?.close());

const address = { host: '127.0.0.1', port: 9000 };
const fieldsWith = (password: string) => ({
  access_key: new Secret('arc-dev-minio'),
  secret_key: new Secret(password),
  region: 'us-east-1',
});

function serverWith(password: string): BucketServer {
  return openBucketServer({ role: 'storage', fields: fieldsWith(password), address });
}

/** What \`arc clean\` says of a bucket before it removes the storage's data. */
async function lostWithTheData(bucket: string): Promise<string> {
  const at = { role: 'storage', port: 's3' };
  const fields = { ...fieldsWith('arc-dev-minio-password'), bucket };
  const found = await objectsLost({
    server: { role: 'storage', name: 'arc-storage', probes: [{ at, fields, needs: [] }] },
    ...{ stops: new Set(['storage']), removes: new Set(['storage']), signal },
    reach: async () => lasting(address),
  });
  return found.map(({ text }) => text).join();
}

const named = (name: string) => addressOf('bucket', name);

/** The plan for buckets as they are wanted; of those that nobody wants, for the ones that are named. */
async function plan(wanted: readonly BucketSpec[], gone: readonly string[] = []) {
  const resources = wanted.map((spec) => ({
    address: named(spec.name),
    kind: 'bucket',
    spec,
    owner: 'storage',
    needs: [],
  }));
  const seen = await driver.observe({ at: server, wanted: resources, signal });
  const unwanted = gone.map(named).filter((address) => seen.has(address));
  return makePlan({
    project: 'arc',
    wanted: resources,
    seen,
    unwanted,
    drivers: new Map([['bucket', driver]]),
  });
}

async function apply(
  wanted: readonly BucketSpec[],
  gone: readonly string[] = [],
): Promise<readonly string[]> {
  const { steps } = await plan(wanted, gone);
  for (const step of steps)
    await driver.apply({
      step: { ...step, work: step.work as BucketStep },
      at: server,
      io,
    });
  return steps.map(({ id, cause }) => `${id} (${cause})`);
}

async function buckets(): Promise<readonly (string | undefined)[]> {
  return ((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name);
}

describe('a declared bucket', () => {
  it('is made with everything that its manifest declares, and is left alone after that', async () => {
    const full: BucketSpec = {
      name: 'full',
      versioning: true,
      lifecycle: [tmp, { prefix: '', expireNoncurrentDays: 30 }],
      quotaBytes: 5_000_000_000,
      policy: 'download',
    };
    expect(await apply([full])).toEqual(['create bucket/full (no existing bucket)']);
    expect(await apply([full])).toEqual([]);
  });

  it('gets each field that its manifest changes, and loses each that it takes back', async () => {
    const name = 'changing';
    await apply([{ name, versioning: true, lifecycle: [tmp], quotaBytes: 1_000_000, policy: 'download' }]);
    const changed: BucketSpec = {
      name,
      versioning: false,
      lifecycle: [],
      quotaBytes: 2_000_000,
      policy: 'private',
    };
    expect(await apply([changed])).toEqual([
      `change bucket/${name} (versioning: on → off; lifecycle: tmp/ after 7 days → none; quota: 1 MB → 2 MB; policy: download → private)`,
    ]);
    expect(await apply([changed])).toEqual([]);
    await apply([{ name }]);
    expect(await apply([{ name }])).toEqual([]);
  });

  it('keeps what its manifest does not declare as somebody has set it', async () => {
    await apply([{ name: 'modest' }]);
    await s3.send(
      new PutBucketVersioningCommand({ Bucket: 'modest', VersioningConfiguration: { Status: 'Enabled' } }),
    );
    expect(await apply([{ name: 'modest' }])).toEqual([]);
  });
});

describe('a bucket that somebody changed by hand', () => {
  const spec: BucketSpec = { name: 'drifting', versioning: true, lifecycle: [tmp], policy: 'private' };

  it('is told from one that its manifest changes, with what it was and what it will be', async () => {
    await apply([spec]);
    const Bucket = spec.name;
    await s3.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
    );
    await s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: 'mine', Status: 'Disabled', Filter: { Prefix: 'tmp/' }, Expiration: { Days: 7 } }],
        },
      }),
    );
    const Statement = [
      { Effect: 'Allow', Principal: '*', Action: 's3:ListBucket', Resource: `arn:aws:s3:::${Bucket}` },
    ];
    await s3.send(
      new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Version: '2012-10-17', Statement }) }),
    );
    expect(await apply([spec])).toEqual([
      'change bucket/drifting (versioning: off → on, changed by hand; lifecycle: other rules → tmp/ after 7 days, changed by hand; policy: another policy → private, changed by hand)',
    ]);
    expect(await apply([spec])).toEqual([]);
  });
});

describe('a bucket that was there before', () => {
  it('is kept from then on with its tags, and is not removed when nobody declares it any more', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'old' }));
    await s3.send(
      new PutBucketTaggingCommand({ Bucket: 'old', Tagging: { TagSet: [{ Key: 'team', Value: 'media' }] } }),
    );
    expect(await apply([{ name: 'old' }])).toEqual([
      'change bucket/old (it exists and matches the manifest: arc manages it from now on)',
    ]);
    const { TagSet = [] } = await s3.send(new GetBucketTaggingCommand({ Bucket: 'old' }));
    expect(TagSet).toContainEqual({ Key: 'team', Value: 'media' });
    expect(await apply([], ['old'])).toEqual([]);
    expect(await buckets()).toContain('old');
  });

  it('of another project is refused, with the name of that project', async () => {
    await s3.send(new CreateBucketCommand({ Bucket: 'theirs' }));
    const TagSet = [{ Key: 'arc.project', Value: 'shop' }];
    await s3.send(new PutBucketTaggingCommand({ Bucket: 'theirs', Tagging: { TagSet } }));
    await expect(plan([{ name: 'theirs' }])).rejects.toMatchObject({
      problems: [{ code: 'bucket-taken', message: 'The bucket theirs belongs to the project shop.' }],
    });
  });
});

describe('a bucket that nobody declares any more', () => {
  it('is removed where arc made it, and the plan says what is lost with it, earlier versions too', async () => {
    await apply([{ name: 'going', versioning: true }]);
    for (const Body of ['first', 'second!'])
      await s3.send(new PutObjectCommand({ Bucket: 'going', Key: 'one', Body }));
    const losses = lossesOf(await plan([], ['going'])).map(({ step, loss }) => `${step.id}: ${loss.text}`);
    expect(losses).toEqual(['remove bucket/going: 1 object and 1 earlier version, 12 B']);
    expect(await lostWithTheData('going')).toMatch(
      /^1 object and 1 earlier version, 12 B in going, the newest/,
    );
    await apply([], ['going']);
    expect(await buckets()).not.toContain('going');
  });
});

describe('a storage that refuses', () => {
  it('is told by name, with its answer, and without a key', async () => {
    const refused = driver.observe({ at: serverWith('a-wrong-password'), wanted: [], signal });
    await expect(refused).rejects.toMatchObject({
      problems: [
        {
          code: 'storage-refused',
          message: 'arc could not list the buckets in storage.',
          detail: [expect.stringMatching(/^403 SignatureDoesNotMatch/)],
          suggestion: expect.stringContaining('arc restart storage'),
        },
      ],
    });
    await expect(refused).rejects.not.toThrow(/a-wrong-password/);
  });

  it('says which step failed: a bucket that was removed meanwhile', async () => {
    await apply([{ name: 'fleeting' }]);
    const made = await plan([{ name: 'fleeting', versioning: true }]);
    await s3.send(new DeleteBucketCommand({ Bucket: 'fleeting' }));
    const [step] = made.steps;
    if (step === undefined) throw new Error('nothing was planned');
    const work = step.work as BucketStep;
    await expect(driver.apply({ step: { ...step, work }, at: server, io })).rejects.toMatchObject({
      problems: [{ message: 'arc could not change the bucket fleeting in storage.' }],
    });
  });
});
