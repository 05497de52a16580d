import { randomUUID } from 'node:crypto';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureImages } from '../../src/images/ensure.ts';
import type { ImageRequest } from '../../src/images/model.ts';
import { sortImages } from '../../src/images/outdated.ts';
import { buildImages } from '../../src/images/provide.ts';
import { recipeHash } from '../../src/images/recipe-hash.ts';
import { fixRecipe } from '../../src/images/recipes/fixed-step.ts';
import { openBench, runIn, stepLines, type TestBench, tinyRequest } from './images-engine.ts';

// A base of Debian's libraries and a Node.js program with two dependencies: one in JavaScript, one with a native part
// in a package for each platform. `left-pad` is for development only.

const node = '24.21.0';
const image = 'arc-test.invalid/worker:latest';
let bench: TestBench;
let root: string;

beforeAll(async () => {
  bench = await openBench({ cache: 'empty' });
  root = join(bench.folder, 'workspace');
  const worker = fileURLToPath(new URL('../fixtures/npm-worker', import.meta.url));
  cpSync(worker, join(root, 'services/worker/program'), { recursive: true });
  cpSync(worker, join(root, 'services/worker/library'), { recursive: true });
  // For no base of another run to be on the Engine already.
  writeFileSync(source('run.txt'), randomUUID());
});
afterAll(() => bench?.close());

const source = (file: string) => join(root, 'services/worker/program', file);

async function request(): Promise<ImageRequest> {
  const recipe = await fixRecipe({
    recipe: [
      { kind: 'debian', suite: 'bookworm', variant: 'extract', packages: ['libstdc++6'], links: {} },
      { kind: 'npm', folder: 'library', target: '/opt/library' },
      { kind: 'npm', folder: 'program', target: '/opt/worker', node },
    ],
    root,
    folder: 'services/worker',
  });
  return tinyRequest({ policy: 'local', name: 'worker', recipe });
}

/** The layer that the cache has for what was asked for. */
async function layer(
  cacheDirectory = bench.context.cacheDirectory,
): Promise<{ diffId: string; bytes: number }> {
  const { recipe = [] } = await request();
  const { Arch } = await bench.docker.version();
  const file = join(cacheDirectory, 'bases', `${recipeHash(recipe)}-${Arch}`, 'layer.json');
  return JSON.parse(readFileSync(file, 'utf8')) as { diffId: string; bytes: number };
}

const inContainer = (script: string) =>
  runIn(bench.docker, image, ['node', '--input-type=module', '-e', script]);

describe('a base with a Node.js program', () => {
  it('is built, and says what npm is doing', async () => {
    const { missing, ready } = await ensureImages({ ...bench.context, requests: [await request()] });
    expect(missing).toEqual([]);
    expect(ready[0]).toMatchObject({ base: { source: 'local' }, built: true });
    const lines = stepLines(bench.events).join('\n');
    expect(lines).toMatch(/step 3 of 3, npm (?:ci|install)/);
  });

  it('has Node.js, its licence, and both dependencies for this platform', async () => {
    expect(await runIn(bench.docker, image, ['node', '--version'])).toContain(`v${node}`);
    const script = `
      import { existsSync } from 'node:fs';
      process.chdir('/opt/worker');
      const { crc32 } = (await import('/opt/worker/node_modules/@node-rs/crc32/index.js')).default;
      const ms = (await import('/opt/worker/node_modules/ms/index.js')).default;
      console.log(\`\${crc32('arc')} \${ms(60000)} \${existsSync('/usr/local/share/doc/node/copyright')}\`);
    `;
    expect(await inContainer(script)).toContain(`${crc32('arc')} 1m true`);
  });

  it('has a library beside it, with what that needs', async () => {
    const script = `
      const ms = (await import('/opt/library/node_modules/ms/index.js')).default;
      console.log(ms(60000));
    `;
    expect(await inContainer(script)).toContain('1m');
  });

  it('has nothing of development, of tests, and of how it was installed', async () => {
    const script = `
      import { readdirSync } from 'node:fs';
      const names = readdirSync('/opt/worker', { recursive: true });
      console.log(names.filter((name) => !name.includes('/')).sort().join(' '));
      console.log(names.filter((name) => /left-pad|package-lock|\\.cache|_logs|linux.*musl|darwin/.test(name)).join(' '));
    `;
    expect((await inContainer(script)).trim().split(/\s*\n/)).toEqual([
      'check.mjs main.mjs node_modules package-lock.json package.json run.txt',
      'package-lock.json',
    ]);
  });

  it('belongs to root, whoever runs it', async () => {
    const script = `
      import { statSync } from 'node:fs';
      const mode = (file) => statSync(file).mode.toString(8);
      console.log(String([process.getuid(), statSync('/opt/worker/main.mjs').uid, mode('/usr/local/bin/node')]));
    `;
    expect(await inContainer(script)).toContain('65532,0,100755');
  });

  it('costs nothing the second time', async () => {
    bench.events.length = 0;
    const { ready } = await ensureImages({ ...bench.context, requests: [await request()], offline: true });
    expect(ready[0]).toMatchObject({ built: false });
    expect(bench.events).toEqual([]);
  });

  it("is made anew from npm's own cache without asking a registry, byte for byte the same", async () => {
    const cacheDirectory = join(bench.folder, 'another', 'cache');
    const environment = { ...bench.context.environment, npm_config_offline: 'true' };
    const { missing } = await buildImages({
      ...bench.context,
      environment,
      cacheDirectory,
      requests: [await request()],
      refresh: true,
    });
    expect(missing).toEqual([]);
    expect(await layer(cacheDirectory)).toEqual(await layer());
  });
});

describe('a source that has changed', () => {
  it('makes the image outdated, and another base of it', async () => {
    const before = await layer();
    const text = readFileSync(source('main.mjs'), 'utf8');
    writeFileSync(source('main.mjs'), text.replace('first edition', 'second edition'));
    const requests = [await request()];
    const { outdated } = await sortImages({ ...bench.context, requests });
    expect(outdated.map(({ cause }) => cause)).toEqual(['Dockerfile, base or policy changed']);
    const { ready } = await ensureImages({ ...bench.context, requests });
    expect(ready[0]).toMatchObject({ built: true });
    expect((await layer()).diffId).not.toBe(before.diffId);
    const script = "console.log((await import('node:fs')).readFileSync('/opt/worker/main.mjs', 'utf8'))";
    expect(await inContainer(script)).toContain('second edition');
  });

  it('back to what it was takes the first base from the cache', async () => {
    const text = readFileSync(source('main.mjs'), 'utf8');
    writeFileSync(source('main.mjs'), text.replace('second edition', 'first edition'));
    bench.events.length = 0;
    const { ready } = await ensureImages({ ...bench.context, requests: [await request()], offline: true });
    expect(ready[0]).toMatchObject({ base: { source: 'local' }, built: true });
    expect(stepLines(bench.events).join('\n')).not.toContain('npm');
  });
});

describe('a program that cannot be installed', () => {
  it('because its lock file is behind, says which package is not in it', async () => {
    const before = readFileSync(source('package.json'), 'utf8');
    writeFileSync(source('package.json'), before.replace('"ms": "2.1.3"', '"ms": "2.1.2"'));
    const { missing } = await ensureImages({ ...bench.context, requests: [await request()] });
    writeFileSync(source('package.json'), before);
    const detail = missing[0]?.problem.detail ?? [];
    expect(detail).toContain('local recipe: npm ci failed with exit status 1.');
    expect(detail.join('\n')).toMatch(/Invalid: lock file's ms@2\.1\.3 does not satisfy ms@2\.1\.2/);
    expect(detail.join('\n')).not.toContain('Usage');
  });
});
