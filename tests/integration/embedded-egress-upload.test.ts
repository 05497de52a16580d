import { randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { uploadFile } from '../../packages/livekit-workers/egress/upload.ts';
import { type EgressStage, egressStorage, openEgressStage } from '../support/egress-stage.ts';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy.ts';

// Uploads of the embedded egress worker to the real storage, over a connection that fails when it is told to.

const mebibyte = 1024 * 1024;
let stage: EgressStage;
beforeAll(async () => {
  stage = await openEgressStage();
});
afterAll(() => stage?.close());

/** A file of 20 MiB, which goes in three parts, and how to send it. */
async function upload(key: string) {
  const proxy: FaultProxy = await startFaultProxy({ upstream: '127.0.0.1:9000' });
  onTestFinished(proxy.close);
  const bytes = randomBytes(20 * mebibyte);
  const file = join(stage.folder, key);
  await writeFile(file, bytes);
  const { access_key: accessKey, secret, region, bucket } = egressStorage;
  const s3 = { accessKey, secret, region, bucket, forcePathStyle: true };
  const send = (signal = AbortSignal.timeout(60_000)) =>
    uploadFile({
      s3: { ...s3, endpoint: `http://${proxy.address}` },
      ...{ key, file, contentType: 'video/mp4', signal },
    });
  return { proxy, bytes, file, send };
}
const parts = /^PUT .*partNumber=/;

describe('an upload in parts', () => {
  it('is tried again where a connection breaks', async () => {
    const { proxy, bytes, send } = await upload('again.mp4');
    proxy.inject(parts, { kind: 'cut', body: 'request' }, { skip: 1 });
    expect(await send()).toMatchObject({ size: bytes.length });
    expect((await stage.object('again.mp4')).equals(bytes)).toBe(true);
  });

  it('goes on with the parts that are not there yet, at a later attempt', async () => {
    const { proxy, bytes, send } = await upload('resumed.mp4');
    proxy.inject(parts, { kind: 'answer', status: 503 }, { skip: 2, times: 100 });
    await expect(send()).rejects.toThrow();
    expect(await readdir(stage.folder)).toContain('resumed.mp4.upload');
    proxy.heal();
    const before = proxy.count(parts);
    expect(await send()).toMatchObject({ size: bytes.length });
    expect(proxy.count(parts) - before).toBe(1);
    expect((await stage.object('resumed.mp4')).equals(bytes)).toBe(true);
    expect(await readdir(stage.folder)).not.toContain('resumed.mp4.upload');
  });

  it('begins anew where the storage does not know it any more', async () => {
    const { proxy, bytes, send, file } = await upload('anew.mp4');
    const note = { uploadId: 'gone', size: bytes.length, length: 8 * mebibyte };
    const target = { Bucket: egressStorage.bucket, Key: 'anew.mp4' };
    await writeFile(`${file}.upload`, JSON.stringify({ ...target, ...note }));
    expect(await send()).toMatchObject({ size: bytes.length });
    expect(proxy.count(parts)).toBe(3);
    expect((await stage.object('anew.mp4')).equals(bytes)).toBe(true);
  });

  it('whose end was not heard is found to be there', async () => {
    const { proxy, bytes, send } = await upload('unheard.mp4');
    proxy.inject(/^POST .*uploadId=/, { kind: 'lose-answer' });
    expect(await send()).toMatchObject({ size: bytes.length });
    expect((await stage.object('unheard.mp4')).equals(bytes)).toBe(true);
  });
});
