import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copySources, digestOfSources } from './sources.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-sources-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text = name): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

const digest = async () => (await digestOfSources(folder)).digest;

describe('the digest of sources', () => {
  beforeEach(() => {
    write('main.ts');
    write('lib/a.ts');
  });

  it.each<[string, () => void]>([
    ['another text', () => write('lib/a.ts', 'changed')],
    ['another file', () => write('lib/b.ts')],
    [
      'another name',
      () => {
        rmSync(join(folder, 'lib/a.ts'));
        write('lib/c.ts', 'lib/a.ts');
      },
    ],
    ['a file that can be executed', () => chmodSync(join(folder, 'main.ts'), 0o755)],
    ['a link', () => symlinkSync('main.ts', join(folder, 'alias.ts'))],
    [
      'text that moves from one file to the next',
      () => {
        write('lib/a.ts', '');
        write('main.ts', 'lib/a.tsmain.ts');
      },
    ],
  ])('changes with %s', async (_case, change) => {
    const before = await digest();
    change();
    expect(await digest()).not.toBe(before);
  });

  it.each<[string, () => void]>([
    ['when a file was written', () => utimesSync(join(folder, 'main.ts'), 1, 1)],
    ['what npm has installed', () => write('node_modules/x/index.js')],
    ['names that begin with a dot', () => write('.env')],
    ['what Python has compiled', () => write('lib/__pycache__/a.cpython-311.pyc')],
    ['tests', () => write('lib/a.test.ts')],
    ['tests of Go', () => write('lib/a_test.go')],
    ['tests of Python', () => write('lib/test_a.py')],
    ['empty folders', () => mkdirSync(join(folder, 'empty'))],
  ])('does not depend on %s', async (_case, change) => {
    const before = await digest();
    change();
    expect(await digest()).toBe(before);
  });
});

it('are copied without what the digest leaves out, so that the copy has the same digest', async () => {
  for (const name of ['package.json', 'lib/a.mts', 'lib/a.test.mts', '.npmrc', 'node_modules/x/index.js'])
    write(name);
  chmodSync(join(folder, 'lib/a.mts'), 0o755);
  symlinkSync('lib/a.mts', join(folder, 'start'));
  const to = mkdtempSync(join(tmpdir(), 'arc-copy-'));
  try {
    await copySources({ from: folder, to });
    expect(readdirSync(to, { recursive: true }).map(String).sort()).toEqual([
      'lib',
      'lib/a.mts',
      'package.json',
      'start',
    ]);
    expect((await digestOfSources(to)).digest).toBe(await digest());
  } finally {
    rmSync(to, { recursive: true });
  }
});
