import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Header, type Pack, pack } from 'tar-stream';
import { addEntry, readEntries } from '../tar-entry.ts';
import type { Contribution } from './kind.ts';

/** A root file system as one layer of an image. */
export type Layer = {
  file: string;
  /** `sha256:…` of the uncompressed archive, as an image's configuration names it. */
  diffId: string;
  bytes: number;
};

/**
 * Lays contributions over each other, first one lowest, and writes them as one tar archive. The same contributions
 * give the same archive.
 */
export async function writeLayer(options: {
  contributions: readonly Contribution[];
  file: string;
  signal: AbortSignal;
}): Promise<Layer> {
  const hash = createHash('sha256');
  let bytes = 0;
  const meter = new Transform({
    transform: (chunk: Buffer, _encoding, next) => {
      hash.update(chunk);
      bytes += chunk.length;
      next(null, chunk);
    },
  });
  const layer = pack();
  const written = pipeline(layer, meter, createWriteStream(options.file), { signal: options.signal });
  const added = addAll(layer, options.contributions).catch((error: Error) => {
    layer.destroy(error);
    throw error;
  });
  await Promise.all([written, added]);
  return { file: options.file, diffId: `sha256:${hash.digest('hex')}`, bytes };
}

async function addAll(layer: Pack, contributions: readonly Contribution[]): Promise<void> {
  const seen = new Set<string>();
  for (const contribution of contributions) {
    if (contribution.kind === 'tar') await addArchive({ layer, file: contribution.file, seen });
    else await addFolder({ layer, root: contribution.path, folder: '', seen });
  }
  layer.finalize();
}

type Seen = Set<string>;

async function addArchive(options: { layer: Pack; file: string; seen: Seen }): Promise<void> {
  const { layer, seen } = options;
  for await (const { header, content, skip } of readEntries(options.file)) {
    const name = header.name.replace(/^(?:\.?\/)+/, '').replace(/\/$/, '');
    if (isWanted({ name, type: header.type, seen })) {
      seen.add(name);
      await addEntry({ archive: layer, header: renamed(header, name), content });
    } else {
      skip();
    }
  }
}

/**
 * An existing folder stays as it is: it may be a link to another one, such as /bin to /usr/bin. Engines provide /dev,
 * and device files need privileges.
 */
function isWanted(options: { name: string; type: Header['type']; seen: Seen }): boolean {
  const { name, type, seen } = options;
  if (name === '' || name.startsWith('dev/')) return false;
  return !(type === 'directory' && seen.has(name));
}

/**
 * Names without a leading `./`, so that both kinds of contributions look alike. Extended headers are dropped: names get
 * new ones if needed, and binary ones (file capabilities) do not survive tar-stream.
 */
function renamed(header: Header, name: string): Header {
  const linkname = header.type === 'link' ? header.linkname.replace(/^(?:\.?\/)+/, '') : header.linkname;
  return { ...header, pax: null, name: header.type === 'directory' ? `${name}/` : name, linkname };
}

async function addFolder(options: { layer: Pack; root: string; folder: string; seen: Seen }): Promise<void> {
  const { layer, root, folder, seen } = options;
  const owner = { uid: 0, gid: 0, uname: 'root', gname: 'root', mtime: new Date(0) };
  for (const child of (await readdir(join(root, folder))).sort()) {
    const name = folder === '' ? child : `${folder}/${child}`;
    const path = join(root, name);
    const status = await lstat(path);
    if (status.isDirectory()) {
      if (isWanted({ name, type: 'directory', seen })) {
        await addEntry({
          archive: layer,
          header: { ...owner, name: `${name}/`, type: 'directory', mode: 0o755 },
        });
      }
      seen.add(name);
      await addFolder({ ...options, folder: name });
    } else if (status.isSymbolicLink()) {
      const linkname = await readlink(path);
      await addEntry({ archive: layer, header: { ...owner, name, type: 'symlink', linkname, mode: 0o777 } });
    } else if (status.isFile()) {
      const mode = status.mode & 0o100 ? 0o755 : 0o644;
      const header = { ...owner, name, type: 'file' as const, size: status.size, mode };
      await addEntry({ archive: layer, header, content: createReadStream(path, { highWaterMark: 1 << 20 }) });
    }
  }
}
