import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseManifests } from '../manifest/parse.ts';
import { keptParse } from './kept-parse.ts';
import { readWorkspace } from './read.ts';

let folder: string;
let program: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-parse-'));
  program = join(folder, 'arc.cjs');
  writeFileSync(program, 'one');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const arc: ReadonlyMap<string, string | Uint8Array> = new Map([['arc.yaml', 'project: arc\n']]);

function open(files: ReadonlyMap<string, string | Uint8Array> = arc, root = '/srv/stack') {
  return keptParse({ cache: folder, program, root, files });
}

function parsed() {
  const { manifests, warnings } = parseManifests({ files: arc });
  if (manifests === undefined) throw new Error('these manifests are valid');
  return { manifests, warnings };
}

function onlyCopy(): string {
  const [name = ''] = readdirSync(join(folder, 'parsed'));
  return join(folder, 'parsed', name);
}

describe('what was parsed last', () => {
  it('is found again, whole', async () => {
    const root = new URL('../..', import.meta.url).pathname;
    const files = await readWorkspace({ root });
    const { manifests, warnings } = parseManifests({ files });
    if (manifests === undefined) throw new Error('the manifests of this project are valid');
    open(files).keep({ manifests, warnings });
    expect(open(files).read()).toStrictEqual({ manifests, warnings });
  });

  it.each([
    ['a byte of a file', new Map([['arc.yaml', 'project: ark\n']])],
    ['the name of a file', new Map([['arc.yml', 'project: arc\n']])],
    ['whether a file is text', new Map([['arc.yaml', new TextEncoder().encode('project: arc\n')]])],
    ['which files there are', new Map([...arc, ['services/profiles.yaml', '']])],
  ] as const)('is not taken where there is another: %s', (_, files) => {
    open().keep(parsed());
    expect(open(files).read()).toBeUndefined();
  });

  it('is not taken from another workspace, or another program', () => {
    open().keep(parsed());
    expect(open(arc, '/srv/other').read()).toBeUndefined();
    expect(open().read()).toBeDefined();
    utimesSync(program, 1, 1);
    expect(open().read()).toBeUndefined();
  });

  it('is not taken where a bit of the copy is wrong, or its end is missing', () => {
    open().keep(parsed());
    const bytes = readFileSync(onlyCopy());
    writeFileSync(onlyCopy(), bytes.subarray(0, -1));
    expect(open().read()).toBeUndefined();
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(onlyCopy(), bytes);
    expect(open().read()).toBeUndefined();
  });

  it('is one copy for each workspace', () => {
    open().keep(parsed());
    open(new Map([['arc.yaml', '']])).keep(parsed());
    expect(readdirSync(join(folder, 'parsed'))).toHaveLength(1);
  });

  it('is left out where it cannot be written', () => {
    writeFileSync(join(folder, 'parsed'), 'a file where the folder would be');
    open().keep(parsed());
    expect(open().read()).toBeUndefined();
  });
});
