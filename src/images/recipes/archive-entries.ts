import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { extract, type Header } from 'tar-stream';
import { openPromise } from 'yauzl';
import { readAll } from '../tar-entry.ts';

/** One entry of an archive. Read its content before asking for the next entry. */
export type ArchiveEntry = { name: string } & (
  | { kind: 'folder' }
  | { kind: 'file'; executable: boolean; content: () => Promise<AsyncIterable<Uint8Array>> }
  /** A symbolic link. */
  | { kind: 'link'; to: string }
  /** The same file as an earlier entry. */
  | { kind: 'same'; as: string }
);

const fileType = 0o170000;
const symbolicLink = 0o120000;

/** The entries of a zip archive, such as a wheel or a jar. */
export async function* zipEntries(file: string): AsyncGenerator<ArchiveEntry> {
  const zip = await openPromise(file);
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName;
      const mode = entry.externalFileAttributes >>> 16;
      const content = (): Promise<Readable> => zip.openReadStreamPromise(entry);
      if (name.endsWith('/')) yield { name, kind: 'folder' };
      else if ((mode & fileType) === symbolicLink)
        yield { name, kind: 'link', to: (await readAll(await content())).toString('utf8') };
      else yield { name, kind: 'file', executable: (mode & 0o100) !== 0, content };
    }
  } finally {
    zip.close();
  }
}

/** The entries of a tar archive that is compressed with gzip. */
export async function* tarEntries(file: string): AsyncGenerator<ArchiveEntry> {
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  const plain = createGunzip();
  const entries = extract();
  source.on('error', (cause) => plain.destroy(cause));
  plain.on('error', (cause) => entries.destroy(cause));
  source.pipe(plain).pipe(entries as unknown as NodeJS.WritableStream);
  try {
    for await (const entry of entries) {
      const content = entry as AsyncIterable<Uint8Array>;
      const described = fromHeader(entry.header, content);
      if (described !== undefined) yield described;
      // Skips content that nobody has read.
      entry.resume();
    }
  } finally {
    source.destroy();
    plain.destroy();
  }
}

function fromHeader(header: Header, content: AsyncIterable<Uint8Array>): ArchiveEntry | undefined {
  const { name } = header;
  switch (header.type) {
    case 'directory':
      return { name, kind: 'folder' };
    case 'symlink':
      return { name, kind: 'link', to: header.linkname };
    case 'link':
      return { name, kind: 'same', as: header.linkname };
    case 'file':
    case 'contiguous-file':
      return {
        name,
        kind: 'file',
        executable: ((header.mode ?? 0) & 0o100) !== 0,
        content: async () => content,
      };
    default:
      return undefined;
  }
}
