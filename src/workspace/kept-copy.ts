import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

/** The program's file; undefined if arc runs from its sources, of which no file changes with the rest. */
export const programFile = import.meta.filename.endsWith('.cjs') ? import.meta.filename : undefined;

/** A copy of what was worked out last. Neither method throws: without a copy, the work is done once more. */
export type KeptCopy<Value> = {
  /** @returns undefined if nothing was kept, or it follows from something else, or a bit of it is wrong */
  read(): Value | undefined;
  keep(value: Value): void;
};

const digestBytes = 32;

/**
 * A value of a workspace, kept in arc's cache under a hash of everything that it follows from. A workspace has one
 * copy of each kind: the newest.
 *
 * @param options.cache arc's cache
 * @param options.kind folder in the cache
 * @param options.program the file that runs; its size and time stand for what is in it
 * @param options.root absolute path of the workspace
 * @param options.from what the value follows from, beside the program
 */
export function keptCopy<Value>(options: {
  cache: string;
  kind: string;
  program: string;
  root: string;
  from: Iterable<string | Uint8Array>;
}): KeptCopy<Value> {
  const { program, root, from } = options;
  const folder = join(options.cache, options.kind);
  const path = join(folder, digest([root]).toString('hex'));
  const { size, mtimeMs } = statSync(program);
  const key = digest([process.version, String(size), String(mtimeMs), ...from]);

  return {
    read() {
      try {
        const bytes = readFileSync(path);
        const body = bytes.subarray(digestBytes);
        return bytes.subarray(0, digestBytes).equals(digest([key, body])) ? deserialize(body) : undefined;
      } catch {
        return undefined;
      }
    },
    keep(value) {
      const unfinished = `${path}.${process.pid}`;
      try {
        const body = serialize(value);
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(unfinished, Buffer.concat([digest([key, body]), body]), { mode: 0o600 });
        renameSync(unfinished, path);
      } catch {}
    },
  };
}

/** Of texts and bytes in a row, each with its length and its kind before it: no two rows look alike. */
function digest(parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${typeof part} ${part.length}\n`).update(part);
  return hash.digest();
}
