import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { extract, type Header, type Pack } from 'tar-stream';

/** Adds one entry to a tar archive and resolves when all of it has been taken. */
export async function addEntry(options: {
  archive: Pack;
  header: Partial<Header> & Pick<Header, 'name'>;
  content?: AsyncIterable<Uint8Array>;
}): Promise<void> {
  const { archive, header, content } = options;
  await new Promise<void>((resolve, reject) => {
    const entry = archive.entry({ ...header }, (error) => (error ? reject(error) : resolve()));
    const fill = async () => {
      for await (const chunk of content ?? []) {
        if (!entry.write(chunk)) await once(entry, 'drain');
      }
      entry.end(undefined);
    };
    fill().catch((error: Error) => archive.destroy(error));
  });
}

/** One entry of a tar archive; `content` must be read, or `skip` called, before the next one comes. */
export type TarEntry = { header: Header; content: AsyncIterable<Uint8Array>; skip: () => void };

/**
 * Reads a tar archive entry by entry.
 *
 * @throws Error if the file is not there, or is no archive
 */
export async function* readEntries(file: string): AsyncGenerator<TarEntry> {
  const source = createReadStream(file, { highWaterMark: 1 << 20 });
  const entries = extract();
  source.on('error', (cause) => entries.destroy(cause));
  source.pipe(entries as unknown as NodeJS.WritableStream);
  try {
    for await (const entry of entries) {
      const content = entry as AsyncIterable<Uint8Array>;
      yield { header: entry.header, content, skip: () => void entry.resume() };
    }
  } finally {
    source.destroy();
  }
}

/** All bytes of a stream; for small ones. */
export async function readAll(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}
