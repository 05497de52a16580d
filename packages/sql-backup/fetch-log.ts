import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { segmentKey } from './log-archive.ts';
import type { Store } from './store.ts';
import { isSegment } from './wal-names.ts';

/**
 * Fetches a segment for a server that recovers: it calls this for each.
 *
 * @param options.target relative to the server's data, where this program is started
 * @returns whether there is one; that there is none is where the log ends
 */
export async function fetchSegment(options: {
  store: Store;
  cluster: string;
  segment: string;
  target: string;
}): Promise<boolean> {
  const { store, cluster, segment, target } = options;
  // A history of timelines is asked for, too: a cluster that was never promoted has none.
  if (!isSegment(segment)) return false;
  const key = segmentKey(cluster, segment);
  if (!(await store.list(key)).some((one) => one.key === key)) return false;
  const unfinished = `${target}.arc`;
  try {
    await pipeline(await store.get(key), createGunzip(), createWriteStream(unfinished));
    await rename(unfinished, target);
  } finally {
    await rm(unfinished, { force: true });
  }
  return true;
}
