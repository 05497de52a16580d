import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Between two looks. A recording of 6 Mbit/s writes 4 MB meanwhile. Milliseconds. */
const pause = 5_000;

/** What recordings take on disk, as it was at the last look. */
export type ScratchSpace = { isFull: () => boolean; bytes: () => number; close: () => void };

/**
 * Watches how much is in the folder of recordings, so that they do not fill the disk that they are on.
 *
 * @param options.limit bytes
 * @param options.full called at each look that finds it full
 */
export async function watchScratch(options: {
  root: string;
  limit: number;
  full: () => void;
}): Promise<ScratchSpace> {
  const { root, limit, full } = options;
  let bytes = 0;
  const isFull = (): boolean => bytes >= limit;
  const look = async (): Promise<void> => {
    bytes = await sizeOf(root);
    if (isFull()) full();
  };
  await look();
  const looks = setInterval(() => void look(), pause);
  return { isFull, bytes: () => bytes, close: () => clearInterval(looks) };
}

/** Bytes of all files below a folder; what goes away meanwhile counts nothing. */
export async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sizeOf(path);
      return (await stat(path).catch(() => undefined))?.size ?? 0;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

const units: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/**
 * `10g` → bytes; without a limit where nothing is said.
 *
 * @throws Error that names the variable
 */
export function parseScratchLimit(name: string, text: string | undefined): number {
  if (text === undefined || text === '') return Number.POSITIVE_INFINITY;
  const [, digits, unit = ''] = /^(\d+)([kmg]?)$/.exec(text) ?? [];
  if (digits === undefined || Number(digits) === 0) throw new Error(`${name} must be a size such as 10g`);
  return Number(digits) * (units[unit] ?? 1);
}
