import { mapping, text } from './fields.ts';
import type { Known } from './health.ts';
import { backupOfKey, backupsPrefix, partKey, timeOfBackup } from './layout.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import type { Store } from './store.ts';

/** What came of restoring a backup: it stands beside it in the storage. */
export type Verification = { at: string; ok: boolean; problems: readonly string[]; milliseconds: number };

export type Entry = { name: string; manifest: Manifest; bytes: number; verification?: Verification };

/** All that is in the storage: backups that are whole, and the names of what was begun and not finished. */
export async function readCatalogue(
  store: Store,
): Promise<{ whole: readonly string[]; unfinished: readonly string[]; keys: ReadonlyMap<string, string[]> }> {
  const keys = new Map<string, string[]>();
  for (const { key } of await store.list(backupsPrefix)) {
    const name = backupOfKey(key);
    if (name !== undefined) keys.set(name, [...(keys.get(name) ?? []), key]);
  }
  const isWhole = (name: string): boolean =>
    keys.get(name)?.includes(partKey(name, 'manifest.json')) === true;
  const names = [...keys.keys()].toSorted();
  return { whole: names.filter(isWhole), unfinished: names.filter((name) => !isWhole(name)), keys };
}

/** @throws Error where there is no backup of that name, or its manifest cannot be read */
export async function readManifest(store: Store, name: string): Promise<Manifest> {
  const content = await store.getText(partKey(name, 'manifest.json'));
  if (content === undefined) throw new Error(`there is no backup ${name}`);
  try {
    return parseManifest(content);
  } catch (cause) {
    throw new Error(
      `the manifest of ${name} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
    );
  }
}

export async function readVerification(store: Store, name: string): Promise<Verification | undefined> {
  const content = await store.getText(partKey(name, 'verified.json'));
  if (content === undefined) return undefined;
  const fields = mapping(JSON.parse(content), 'verified.json');
  const problems = Array.isArray(fields.problems) ? fields.problems.map(String) : [];
  const milliseconds = typeof fields.milliseconds === 'number' ? fields.milliseconds : 0;
  return { at: text(fields, 'at'), ok: fields.ok === true, problems, milliseconds };
}

/** Each backup that is whole, oldest first. */
export async function readEntries(store: Store): Promise<readonly Entry[]> {
  const { whole } = await readCatalogue(store);
  return await Promise.all(
    whole.map(async (name) => {
      const [manifest, verification] = await Promise.all([
        readManifest(store, name),
        readVerification(store, name),
      ]);
      const bytes = manifest.databases.reduce((sum, { dump }) => sum + dump.bytes, manifest.globals.bytes);
      return { name, manifest, bytes, ...(verification === undefined ? {} : { verification }) };
    }),
  );
}

/** What health and retention go by: without the manifests. */
export async function readKnown(store: Store): Promise<readonly Known[]> {
  const { whole } = await readCatalogue(store);
  return await Promise.all(
    whole.map(async (name) => {
      const verification = await readVerification(store, name);
      const at = timeOfBackup(name) ?? new Date(0);
      if (verification === undefined) return { name, at };
      const { ok, problems } = verification;
      return { name, at, verified: { at: new Date(verification.at), ok, problems } };
    }),
  );
}
