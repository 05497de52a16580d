import { readManifest, type Verification } from './catalogue.ts';
import type { Config } from './config.ts';
import { partKey } from './layout.ts';
import { Differs, loadDatabase, loadGlobals } from './load.ts';
import type { Report } from './report.ts';
import { wordsOf } from './report.ts';
import type { Store } from './store.ts';
import { startThrowAway } from './throw-away.ts';

/**
 * Restores a backup into a server that is thrown away, compares, and leaves the result beside the backup.
 *
 * @throws where nothing is known of the backup afterwards: the storage does not answer, the server did not start
 */
export async function verifyBackup(options: {
  config: Config;
  store: Store;
  name: string;
  report: Report;
  signal: AbortSignal;
}): Promise<Verification> {
  const { config, store, name, report, signal } = options;
  const began = performance.now();
  const manifest = await readManifest(store, name);
  report({ type: 'step', doing: 'starting a server to restore into' });
  await using server = await startThrowAway({ config, signal });
  const problems: string[] = [];
  try {
    await loadGlobals({ config, store, manifest, server });
    for (const database of manifest.databases)
      await loadDatabase({ config, store, database, server, name: target(database.name), report, signal });
  } catch (cause) {
    signal.throwIfAborted();
    if (isOfStorage(cause)) throw cause;
    problems.push(...(cause instanceof Differs ? cause.problems : [wordsOf(cause)]));
  }
  const verification: Verification = {
    at: new Date().toISOString(),
    ok: problems.length === 0,
    problems,
    milliseconds: Math.round(performance.now() - began),
  };
  await store.putText(partKey(name, 'verified.json'), `${JSON.stringify(verification, undefined, 2)}\n`);
  return verification;
}

/** A new server has a database of this name, which is empty. */
function target(database: string): string {
  return database === 'postgres' ? 'postgres of the backup' : database;
}

/** A storage that is away says nothing of the backup; one that has lost a part of it does. */
function isOfStorage(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  const { code } = cause as NodeJS.ErrnoException;
  return (
    cause.name === 'TimeoutError' ||
    ['ECONNREFUSED', 'ENOTFOUND', 'ECONNRESET', 'EAI_AGAIN'].includes(code ?? '')
  );
}
