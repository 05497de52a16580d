import { pack } from 'tar-stream';
import type { BaseSource } from './model.ts';
import { readAll, readEntries } from './tar-entry.ts';

/** The description of an archive of `arc images save`; its first file, which `docker load` skips. */
export type ArchiveManifest = {
  version: 1;
  architecture: string;
  images: readonly ArchivedImage[];
};

export type ArchivedImage = {
  /** Roles of the containers that run it. */
  roles: readonly string[];
  reference: string;
  id: string;
  base?: { reference: string; source: BaseSource; digest?: string; recipe?: string };
};

const fileName = 'arc-images.json';

/** The manifest as the beginning of a tar archive, to be followed by the archive that the Engine gives. */
export async function manifestEntry(manifest: ArchiveManifest): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: fileName, mtime: new Date(0) }, JSON.stringify(manifest, undefined, 2));
  archive.finalize();
  // Without the two empty blocks that would end the archive here.
  return (await readAll(archive as AsyncIterable<Uint8Array>)).subarray(0, -1024);
}

/** Reads the manifest of an archive; undefined if the archive is another one, for example of `docker save`. */
export async function readArchiveManifest(file: string): Promise<ArchiveManifest | undefined> {
  for await (const { header, content } of readEntries(file)) {
    if (header.name !== fileName) return undefined;
    return JSON.parse((await readAll(content)).toString('utf8')) as ArchiveManifest;
  }
  return undefined;
}
