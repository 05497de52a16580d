import type { Config } from './config.ts';
import { connect, listDatabases } from './database.ts';
import { dumpDatabase } from './dump.ts';
import { dumpGlobals } from './globals.ts';
import { backupName, backupsPrefix, partKey } from './layout.ts';
import type { DatabaseManifest, Manifest } from './manifest.ts';
import type { Report } from './report.ts';
import type { Store } from './store.ts';

/**
 * Backs all databases of a server up. The manifest is written last, so what was interrupted is not a backup; what it
 * left in the storage is removed, now or by a later run.
 */
export async function makeBackup(options: {
  config: Config;
  store: Store;
  /** That of the moment, unless given. */
  name?: string;
  report: Report;
  signal: AbortSignal;
}): Promise<Manifest> {
  const { config, store, report, signal } = options;
  const startedAt = new Date();
  const { name = backupName(startedAt) } = options;
  try {
    // Before anything is read from the database, so that a storage that is away costs it nothing.
    report({ type: 'step', doing: 'asking the storage' });
    await store.ensureBucket();
    const version = await readVersion(config);
    const globals = await dumpGlobals({ config, store, backup: name, signal });
    const databases: DatabaseManifest[] = [];
    for (const database of await listDatabases(config.server)) {
      signal.throwIfAborted();
      databases.push(await dumpDatabase({ config, store, backup: name, database, report, signal }));
    }
    const manifest: Manifest = {
      format: 1,
      name,
      startedAt: startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      version,
      globals,
      databases,
    };
    await store.putText(partKey(name, 'manifest.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
    return manifest;
  } catch (cause) {
    await removeBackup(store, name).catch(() => undefined);
    throw cause;
  }
}

/** The manifest goes first: what is left of it if this is interrupted is no backup. */
export async function removeBackup(store: Store, name: string): Promise<void> {
  const manifest = partKey(name, 'manifest.json');
  const own = (await store.list(`${backupsPrefix}${name}/`)).map(({ key }) => key);
  await store.remove(own.toSorted((one, other) => Number(other === manifest) - Number(one === manifest)));
}

async function readVersion({ server }: Config): Promise<string> {
  await using client = await connect(server, 'template1');
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  const [{ server_version: version } = { server_version: '' }] = rows;
  // Debian adds its own: `18.4 (Debian 18.4-1.pgdg12+1)`.
  return version.split(' ')[0] ?? version;
}
