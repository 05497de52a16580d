import { randomUUID } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureImages } from '../../src/images/ensure.ts';
import type { ImageRequest } from '../../src/images/model.ts';
import { fixRecipe } from '../../src/images/recipes/fixed-step.ts';
import { openBench, runIn, type TestBench, tinyRequest } from './images-engine.ts';

// A module of the workspace with a replace directive, which `go install` refuses, and a go.sum.

const image = 'arc-test.invalid/wrapper:latest';
let bench: TestBench;
let root: string;

beforeAll(async () => {
  bench = await openBench({ cache: 'empty' });
  root = join(bench.folder, 'workspace');
  const module = fileURLToPath(new URL('../fixtures/go-wrapper', import.meta.url));
  cpSync(module, join(root, 'services/gateway/module'), { recursive: true });
  // For no base of another run to be on the Engine already.
  writeFileSync(source('run.txt'), randomUUID());
});
afterAll(() => bench?.close());

const source = (file: string) => join(root, 'services/gateway/module', file);

async function request(): Promise<ImageRequest> {
  const recipe = await fixRecipe({
    recipe: [
      {
        kind: 'go-module',
        folder: 'module',
        package: '.',
        target: '/usr/local/bin/wrapper',
        tags: [],
        variables: { 'main.version': '3.7.15' },
      },
    ],
    root,
    folder: 'services/gateway',
  });
  return tinyRequest({ policy: 'local', name: 'wrapper', recipe });
}

describe('a base of a Go module in the workspace', () => {
  it('is built', async () => {
    const { missing } = await ensureImages({ ...bench.context, requests: [await request()] });
    expect(missing).toEqual([]);
  });

  it('runs without anything else, and knows its version', async () => {
    expect(await runIn(bench.docker, image, ['wrapper'])).toBe(
      "3.7.15 Don't communicate by sharing memory, share memory by communicating.\r\n",
    );
  });

  it('is not made of what go.sum does not name', async () => {
    const before = readFileSync(source('go.sum'), 'utf8');
    writeFileSync(source('go.sum'), before.replace(/^rsc\.io\/quote v1\.5\.2 h1:.*\n/m, ''));
    const { missing } = await ensureImages({ ...bench.context, requests: [await request()] });
    expect(missing[0]?.problem.detail?.join('\n')).toContain('missing go.sum entry');
    writeFileSync(source('go.sum'), before.replace(/(rsc\.io\/quote v1\.5\.2 h1:).{4}/, '$1AAAA'));
    const again = await ensureImages({ ...bench.context, requests: [await request()] });
    expect(again.missing[0]?.problem.detail?.join('\n')).toMatch(/checksum mismatch|SECURITY ERROR/);
    writeFileSync(source('go.sum'), before);
  });
});
