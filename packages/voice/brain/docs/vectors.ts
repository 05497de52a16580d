import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../events/events.ts';
import type { Embed } from '../understand.ts';

/** Texts of one request: some 30 ms of the embedder. */
const batch = 8;

/** Between two requests: conversations go on meanwhile, and the embedder takes a twentieth of a processor. */
const restMs = 500;

const patience = 10_000;

/**
 * The vectors of texts, from disk where they were made before with the same embedder, or else from the embedder, slowly.
 * A disk that does not keep them costs the next start their making, and this one nothing.
 *
 * @param options.folder where they are kept
 * @param options.pause between two requests
 * @throws Error where the embedder is away
 */
export async function vectorsOf(options: {
  texts: readonly string[];
  folder: string;
  embed: Embed;
  pause: (milliseconds: number) => Promise<void>;
  log: Log;
}): Promise<readonly Float32Array[]> {
  const { texts, folder, embed, pause, log } = options;
  // What an embedder makes of one text tells whether it is the same.
  const [probe] = await embed(['arc'], AbortSignal.timeout(patience));
  if (probe === undefined) throw new Error('the embedder gave nothing');
  const name = createHash('sha256')
    .update(JSON.stringify([texts, [...probe].map((value) => value.toFixed(3))]))
    .digest('hex');
  const file = `${name}.f32`;
  const onFailure = (cause: unknown): undefined =>
    void log({ level: 'warning', message: 'the vectors of the pages are not kept', cause: String(cause) });
  const wanted = { file: join(folder, file), count: texts.length, size: probe.length };
  const kept = await readVectors(wanted).catch(onFailure);
  if (kept !== undefined) return kept;
  const vectors: Float32Array[] = [];
  for (let at = 0; at < texts.length; at += batch) {
    vectors.push(...(await embed(texts.slice(at, at + batch), AbortSignal.timeout(patience))));
    await pause(restMs);
  }
  await keepVectors({ folder, file, vectors }).catch(onFailure);
  return vectors;
}

/** Keeps vectors in place of those of earlier pages. @throws Error where the disk is full, or cannot be written */
async function keepVectors(options: {
  folder: string;
  file: string;
  vectors: readonly Float32Array[];
}): Promise<void> {
  const { folder, file, vectors } = options;
  await mkdir(folder, { recursive: true });
  const made = join(folder, `${file}.new`);
  try {
    await writeFile(made, Buffer.concat(vectors.map(({ buffer }) => Buffer.from(buffer))));
    await rename(made, join(folder, file));
  } catch (cause) {
    // A part of it would take what room is left.
    await rm(made, { force: true });
    throw cause;
  }
  const earlier = (await readdir(folder)).filter((name) => /\.f32(\.new)?$/u.test(name) && name !== file);
  await Promise.all(earlier.map((name) => rm(join(folder, name), { force: true })));
}

/** @returns undefined where there are none, or not as many. @throws Error where they cannot be read */
async function readVectors(options: {
  file: string;
  count: number;
  size: number;
}): Promise<readonly Float32Array[] | undefined> {
  const { file, count, size } = options;
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (bytes?.length !== count * size * 4) return undefined;
  const all = new Float32Array(Uint8Array.from(bytes).buffer);
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size));
}
