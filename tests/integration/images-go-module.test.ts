import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureImages } from '../../src/images/ensure.ts';
import type { ImageRequest } from '../../src/images/model.ts';
import { fixRecipe } from '../../src/images/recipes/fixed-step.ts';
import type { RecipeStep } from '../../src/manifest/model-recipe.ts';
import { openBench, runIn, type TestBench, tinyRequest } from './images-engine.ts';

// A module of the workspace with a replace directive, which `go install` refuses, and a go.sum.

const image = 'arc-test.invalid/wrapper:latest';
const wrapper = {
  kind: 'go-module',
  folder: 'module',
  package: '.',
  target: '/usr/local/bin/wrapper',
  tags: [],
  variables: { 'main.version': '3.7.15' },
} as const satisfies RecipeStep;

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
  const recipe = await fixRecipe({ recipe: [wrapper], root, folder: 'services/gateway' });
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

describe('a base of a program that go.mod names as a tool', () => {
  it('needs no source of its own', async () => {
    const folder = join(root, 'services/gateway/tool');
    const { goMod, goSum } = tool;
    mkdirSync(folder);
    writeFileSync(join(folder, 'go.mod'), goMod);
    writeFileSync(join(folder, 'go.sum'), goSum);
    const step = {
      ...wrapper,
      folder: 'tool',
      package: 'rsc.io/2fa',
      target: '/usr/local/bin/2fa',
      variables: {},
    };
    const recipe = await fixRecipe({ recipe: [step], root, folder: 'services/gateway' });
    const requests = [tinyRequest({ policy: 'local', name: 'tool', recipe })];
    const { missing } = await ensureImages({ ...bench.context, requests });
    expect(missing).toEqual([]);
    await expect(runIn(bench.docker, 'arc-test.invalid/tool:latest', ['2fa', '-help'])).rejects.toThrow(
      /2fa -add \[-7\]/,
    );
  });
});

const tool = {
  goMod: `module arc.local/tool

go 1.24

require (
	github.com/atotto/clipboard v0.1.2 // indirect
	rsc.io/2fa v1.2.0 // indirect
)

tool rsc.io/2fa
`,
  goSum: `github.com/atotto/clipboard v0.1.2 h1:YZCtFu5Ie8qX2VmVTBnrqLSiU9XOWwqNRmdT3gIQzbY=
github.com/atotto/clipboard v0.1.2/go.mod h1:ZY9tmq7sm5xIbd9bOK4onWV4S6X0u6GY7Vn0Yu86PYI=
rsc.io/2fa v1.2.0 h1:cWGqM9DStn5Sc/S01ibBorrO6okOzKVbLc4FY/ax9+s=
rsc.io/2fa v1.2.0/go.mod h1:s6tPB3IQGqHFdvALTJ0oJbngt/H8dg4C7+bvcIfzgzs=
`,
};
