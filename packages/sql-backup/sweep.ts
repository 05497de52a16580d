import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { removeBackup } from './backup.ts';
import { readCatalogue, readKnown } from './catalogue.ts';
import { backupsPrefix, isRecovered, timeOfBackup } from './layout.ts';
import { expired, type Retention } from './retention.ts';
import type { Store } from './store.ts';
import { scratchPrefix } from './throw-away.ts';

/** No backup takes longer, so one that began before this and has no manifest was interrupted. Milliseconds. */
const unfinishedAfter = 24 * 60 * 60_000;

/** Removes backups that are no longer kept, and what is left of those that were interrupted. */
export async function sweep(options: {
  store: Store;
  keep: Retention;
  now: Date;
}): Promise<readonly string[]> {
  const { store, keep, now } = options;
  const { unfinished } = await readCatalogue(store);
  const abandoned = unfinished.filter(
    (name) => now.getTime() - (timeOfBackup(name)?.getTime() ?? 0) > unfinishedAfter,
  );
  const known = await readKnown(store);
  const old = expired({
    backups: known.map(({ name, at, verified }) => ({ name, at, verified: verified?.ok === true })),
    keep,
  });
  const gone = [...abandoned, ...old];
  for (const name of gone) await removeBackup(store, name);
  const left = (await store.list(backupsPrefix)).filter(
    ({ key, at }) => isRecovered(key) && now.getTime() - at.getTime() > unfinishedAfter,
  );
  await store.remove(left.map(({ key }) => key));
  return gone;
}

/** Throw-away servers of a run that was killed: when this program starts, none is in use. */
export async function sweepScratch(folder: string): Promise<void> {
  const left = (await readdir(folder)).filter((name) => name.startsWith(scratchPrefix));
  for (const name of left) await rm(join(folder, name), { recursive: true, force: true });
}
