import { createReadStream } from 'node:fs';
import { extract, pack } from 'tar-stream';
import type { BaseSource } from './model.ts';

/** What an archive of `arc images save` says of itself; the first file in it, which `docker load` skips. */
export type ArchiveManifest = {
  version: 1;
  architecture: string;
  images: readonly ArchivedImage[];
};

export type ArchivedImage = {
  /** Of the containers that run it. */
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
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(chunk);
  // Without the two empty blocks that would end the archive here.
  return Buffer.concat(chunks).subarray(0, -1024);
}

/** Reads the manifest of an archive; nothing where the archive is another one, for example of `docker save`. */
export async function readArchiveManifest(file: string): Promise<ArchiveManifest | undefined> {
  const source = createReadStream(file);
  const entries = extract();
  source.on('error', (cause) => entries.destroy(cause));
  source.pipe(entries as unknown as NodeJS.WritableStream);
  try {
    for await (const entry of entries) {
      if (entry.header.name !== fileName) return undefined;
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk);
      return JSON.parse(Buffer.concat(chunks).toString('utf8')) as ArchiveManifest;
    }
    return undefined;
  } finally {
    source.destroy();
  }
}
