import { once } from 'node:events';
import type { Header, Pack } from 'tar-stream';

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
