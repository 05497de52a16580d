import {
  createReadStream,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { extract, type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Contribution } from './kind.ts';
import { writeLayer } from './layer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'arc-layer-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

type Entry = Pick<Header, 'name'> & Partial<Header> & { text?: string };

async function archive(name: string, entries: readonly Entry[]): Promise<Contribution> {
  const file = join(folder, name);
  const tar = pack();
  for (const { text = '', ...header } of entries) tar.entry(header, text);
  tar.finalize();
  await pipeline(tar, createWriteStream(file));
  return { kind: 'tar', file };
}

function tree(name: string, make: (root: string) => void): Contribution {
  const path = join(folder, name);
  mkdirSync(path);
  make(path);
  return { kind: 'folder', path };
}

/** `type name owner mode → target` of every entry. */
async function lay(contributions: readonly Contribution[]): Promise<readonly string[]> {
  const file = join(folder, 'layer.tar');
  await writeLayer({ contributions, file, signal: new AbortController().signal });
  const lines: string[] = [];
  const entries = extract();
  createReadStream(file).pipe(entries as unknown as NodeJS.WritableStream);
  for await (const entry of entries) {
    const { type, name, uid, gid, mode, linkname } = entry.header;
    lines.push(`${type} ${name} ${uid}:${gid} ${mode.toString(8)}${linkname ? ` → ${linkname}` : ''}`);
    entry.resume();
  }
  return lines;
}

describe('a layer', () => {
  it('keeps owners and modes of an archive, and drops its device files', async () => {
    const debian = await archive('d.tar', [
      { name: './', type: 'directory' },
      { name: './dev/', type: 'directory' },
      { name: './dev/null', type: 'character-device' },
      { name: './var/', type: 'directory' },
      { name: './var/redis/', type: 'directory', uid: 100, gid: 101, mode: 0o750 },
      { name: './bin', type: 'symlink', linkname: 'usr/bin' },
      { name: './usr/a', text: 'a' },
      { name: './usr/b', type: 'link', linkname: './usr/a' },
    ]);
    expect(await lay([debian])).toEqual([
      'directory dev/ 0:0 755',
      'directory var/ 0:0 755',
      'directory var/redis/ 100:101 750',
      'symlink bin 0:0 644 → usr/bin',
      'file usr/a 0:0 644',
      'link usr/b 0:0 644 → usr/a',
    ]);
  });

  it('gives the files of a folder to root', async () => {
    const files = tree('f', (root) => {
      mkdirSync(join(root, 'usr/bin'), { recursive: true });
      writeFileSync(join(root, 'usr/bin/tool'), 'x', { mode: 0o700 });
      writeFileSync(join(root, 'usr/readme'), 'x', { mode: 0o600 });
      symlinkSync('tool', join(root, 'usr/bin/alias'));
    });
    expect(await lay([files])).toEqual([
      'directory usr/ 0:0 755',
      'directory usr/bin/ 0:0 755',
      'symlink usr/bin/alias 0:0 777 → tool',
      'file usr/bin/tool 0:0 755',
      'file usr/readme 0:0 644',
    ]);
  });

  it('does not turn a link to a folder into a folder', async () => {
    const debian = await archive('d.tar', [{ name: './bin', type: 'symlink', linkname: 'usr/bin' }]);
    const links = tree('l', (root) => {
      mkdirSync(join(root, 'bin'));
      symlinkSync('busybox', join(root, 'bin/wget'));
    });
    expect(await lay([debian, links])).toEqual([
      'symlink bin 0:0 644 → usr/bin',
      'symlink bin/wget 0:0 777 → busybox',
    ]);
  });

  it('keeps names that are too long for a plain header', async () => {
    const name = `usr/share/${'ő'.repeat(80)}/${'x'.repeat(90)}.crt`;
    expect(await lay([await archive('d.tar', [{ name: `./${name}`, text: 'x' }])])).toEqual([
      `file ${name} 0:0 644`,
    ]);
  });

  it('is the same for the same files, whenever they were written', async () => {
    const write = (name: string) => tree(name, (root) => writeFileSync(join(root, 'a'), 'same'));
    const make = async (name: string) =>
      await writeLayer({
        contributions: [write(name)],
        file: join(folder, `${name}.tar`),
        signal: new AbortController().signal,
      });
    const [one, two] = [await make('one'), await make('two')];
    expect(one.diffId).toBe(two.diffId);
    expect(one.bytes).toBe(readFileSync(one.file).length);
  });

  it('fails where an archive is broken', async () => {
    writeFileSync(join(folder, 'broken.tar'), Buffer.alloc(4096, 'x'));
    await expect(lay([{ kind: 'tar', file: join(folder, 'broken.tar') }])).rejects.toThrow();
  });

  it('fails where an archive is not there', async () => {
    await expect(lay([{ kind: 'tar', file: join(folder, 'absent.tar') }])).rejects.toThrow('ENOENT');
  });
});
