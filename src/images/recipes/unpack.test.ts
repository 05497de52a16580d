import {
  createWriteStream,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeFiles } from './take-files.ts';
import { unpack } from './unpack.ts';

type Entry = Partial<Header> & Pick<Header, 'name'> & { text?: string };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-unpack-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const signal = new AbortController().signal;
const into = () => join(folder, 'to');

async function archive(...entries: readonly Entry[]): Promise<void> {
  const tar = pack();
  for (const { text = '', ...header } of entries) tar.entry(header, text);
  tar.finalize();
  await pipeline(tar, createGzip(), createWriteStream(join(folder, 'a.tar.gz')));
}
const unpackTar = () => unpack({ file: join(folder, 'a.tar.gz'), name: 'a.tar.gz', to: into(), signal });

describe('an archive', () => {
  it('keeps which of its files are programs, its folders and its links', async () => {
    await archive(
      { name: 'server-1.0/', type: 'directory' },
      { name: 'server-1.0/bin/start', mode: 0o750, text: '#!/bin/sh\n' },
      { name: 'server-1.0/conf/server.conf', mode: 0o600, text: 'port=1\n' },
      { name: 'server-1.0/current', type: 'symlink', linkname: 'conf' },
      { name: 'server-1.0/bin/again', type: 'link', linkname: 'server-1.0/bin/start' },
    );
    await unpackTar();
    const at = (path: string) => join(into(), 'server-1.0', path);
    expect(lstatSync(at('bin/start')).mode & 0o777).toBe(0o755);
    expect(lstatSync(at('conf/server.conf')).mode & 0o777).toBe(0o644);
    expect(readlinkSync(at('current'))).toBe('conf');
    expect(readFileSync(at('bin/again'), 'utf8')).toBe('#!/bin/sh\n');
  });

  it('stays in its folder, wherever its entries point', async () => {
    await archive({ name: '../../out', text: 'out' }, { name: '/etc/in', text: 'in' });
    await unpackTar();
    expect(readFileSync(join(into(), 'out'), 'utf8')).toBe('out');
    expect(readFileSync(join(into(), 'etc/in'), 'utf8')).toBe('in');
  });

  it.each<[string, Entry]>([
    ['through one of its links', { name: 'link/passwd', text: 'x' }],
    ['over one of its links', { name: 'link', text: 'x' }],
    ['what one of its links leads to', { name: 'copy', type: 'link', linkname: 'link/passwd' }],
  ])('writes nothing %s', async (_case, entry) => {
    const outside = join(folder, 'outside');
    await archive({ name: 'link', type: 'symlink', linkname: outside }, entry);
    await expect(unpackTar()).rejects.toMatchObject({ code: 'recipe-step-failed' });
  });

  it.each([
    ['a.zip', 'not a zip', /^arc could not unpack a\.zip: /],
    ['a.tar.gz', 'not gzip', /^arc could not unpack a\.tar\.gz: /],
    ['a.rar', '', /^arc could not unpack a\.rar: it is not a zip, jar, wheel or tar\.gz\.$/],
  ])('that is none is named: %s', async (name, text, message) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    await expect(unpack({ file, name, to: into(), signal })).rejects.toMatchObject({
      code: 'recipe-step-failed',
      message: expect.stringMatching(message),
    });
  });
});

describe('what is taken out of an archive', () => {
  const root = () => join(folder, 'root');
  const take = (wanted: Record<string, string>, as: 'files' | 'programs' = 'files') =>
    takeFiles({ unpacked: into(), root: root(), take: wanted, as, archive: 'archive a.tar.gz' });
  beforeEach(async () => {
    await archive({ name: 'a/bin/start', mode: 0o644, text: 'start' }, { name: 'a/lib/x', text: 'x' });
    await unpackTar();
  });

  it('is a file or a whole folder', async () => {
    await take({ '/opt/lib': 'a/lib', '/opt/start': 'a/bin/start', '/all': '.' });
    for (const path of ['opt/lib/x', 'opt/start', 'all/a/lib/x']) {
      expect(lstatSync(join(root(), path)).isFile(), path).toBe(true);
    }
  });

  it('can be run where it is a program, whatever the archive says', async () => {
    await take({ '/bin/start': 'a/bin/start' }, 'programs');
    expect(lstatSync(join(root(), 'bin/start')).mode & 0o777).toBe(0o755);
  });

  it.each<[string, 'files' | 'programs', string]>([
    ['a/none', 'files', 'The archive a.tar.gz has no a/none.'],
    ['a/lib/x/y', 'files', 'The archive a.tar.gz has no a/lib/x/y.'],
    ['a/lib', 'programs', 'In the archive a.tar.gz, a/lib is not a file.'],
  ])('is named where it is not there: %s as %s', async (source, as, message) => {
    await expect(take({ '/x': source }, as)).rejects.toMatchObject({ code: 'recipe-step-failed', message });
  });
});
