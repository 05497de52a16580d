import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeSharedFolder } from './remove-folder.ts';

const rounds = 1_000;
/** As a program that ends: removes the file of the folder whose number it is told, a moment later. */
const other = `
  const { workerData: { folder, told } } = require('node:worker_threads');
  const { unlinkSync } = require('node:fs');
  for (let done = 0; ; ) {
    while (Atomics.load(told, 0) === done);
    done = Atomics.load(told, 0);
    for (let wait = Math.random() * 3000; wait > 0; wait -= 1);
    try { unlinkSync(folder + '/' + done + '/m'); } catch {}
    Atomics.store(told, 1, done);
    if (done === ${rounds}) break;
  }`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-remove-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a folder is gone, also where its file is removed by somebody else at the same time', async () => {
  const told = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(other, { eval: true, workerData: { folder, told } });
  const left: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const one = join(folder, String(round));
    mkdirSync(one);
    writeFileSync(join(one, 'm'), '');
    Atomics.store(told, 0, round);
    removeSharedFolder(one);
    while (Atomics.load(told, 1) !== round);
    if (existsSync(one)) left.push(round);
  }
  await worker.terminate();
  expect(left).toEqual([]);
});

test('a folder that is not there is no error', () => {
  expect(() => removeSharedFolder(join(folder, 'none'))).not.toThrow();
});
