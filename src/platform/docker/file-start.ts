import type { Readable } from 'node:stream';
import { extract } from 'tar-stream';

/** The first bytes of a file in a container. */
export type FileStart = { path: string; bytes: Buffer };

/** A whole folder comes over the Engine's socket until the file is found: that much may lie before it. */
const passedLimit = 512 * 2 ** 20;

/** Where to look for a file that is named with `*` in its last name: in a folder, which the Engine sends as a whole. */
export function searchPath(path: string): { ask: string; isIt: (name: string) => boolean } {
  const cut = path.lastIndexOf('/');
  const last = path.slice(cut + 1);
  if (!last.includes('*')) return { ask: path, isIt: () => true };
  const words = last.split('*').map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const name = new RegExp(`^[^/]+/${words.join('[^/]*')}$`);
  return { ask: path.slice(0, cut), isIt: (entry) => name.test(entry) };
}

/**
 * The beginning of the first matching file in a tar stream; reading stops after that.
 *
 * @param options.length as many bytes of it, or all where it has fewer
 * @throws Error if it is not a file, or too much lies before it
 */
export async function findStart(options: {
  stream: Readable;
  isIt: (name: string) => boolean;
  length: number;
}): Promise<{ name: string; bytes: Buffer } | undefined> {
  const { stream, isIt, length } = options;
  const entries = extract();
  stream.on('error', (cause) => entries.destroy(cause));
  stream.pipe(entries as unknown as NodeJS.WritableStream);
  let passed = 0;
  for await (const entry of entries) {
    const { name, type, size = 0 } = entry.header;
    if (isIt(name)) {
      if (type !== 'file') throw new Error(`${name} is not a file but a ${type ?? 'special file'}`);
      return { name, bytes: await readStart(entry as AsyncIterable<Buffer>, length) };
    }
    passed += size;
    if (passed > passedLimit) throw new Error(`more than ${passedLimit / 2 ** 20} MiB lie before it`);
    entry.resume();
  }
  return undefined;
}

async function readStart(content: AsyncIterable<Buffer>, length: number): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of content) {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length >= length) break;
  }
  return bytes.subarray(0, length);
}
