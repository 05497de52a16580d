import { parseArgs } from 'node:util';
import { makeBackup, removeBackup } from './backup.ts';
import { readEntries, readManifest } from './catalogue.ts';
import { type Config, readConfig } from './config.ts';
import { connect, listDatabases, readContents } from './database.ts';
import { fetchSegment } from './fetch-log.ts';
import { isRecovered, partKey } from './layout.ts';
import { rowsOf } from './manifest.ts';
import { recover } from './recover.ts';
import { reportToOutput, wordsOf } from './report.ts';
import { restoreBackup } from './restore.ts';
import { serve } from './serve.ts';
import { spans } from './spans.ts';
import { openStore, type Store } from './store.ts';
import { verifyBackup } from './verify.ts';

const configFile = process.env.SQL_BACKUP_CONFIG ?? '/etc/arc/sql-backup.yaml';

/** Another start does not put a wrong configuration right. */
const wrongConfiguration = 2;

type Call = {
  config: Config;
  store: Store;
  signal: AbortSignal;
  values: Partial<Record<'name' | 'database' | 'to' | 'time', string>>;
};

/** What can be asked of this program, and what it answers. */
const commands: Readonly<Record<string, (call: Call) => Promise<unknown>>> = {
  backup: ({ config, store, signal }) => makeBackup({ config, store, report: reportToOutput, signal }),
  list: ({ store }) => readEntries(store),
  verify: async ({ config, store, signal, values }) => {
    const name = values.name ?? (await newest(store));
    return { name, ...(await verifyBackup({ config, store, name, report: reportToOutput, signal })) };
  },
  /** What a restore would put where, and what it would replace, counted. */
  compare: async ({ config, store, values }) => {
    const manifest = await readManifest(store, values.name ?? (await newest(store)));
    const live: Record<string, { tables: number; rows: number }> = {};
    for (const database of await listDatabases(config.server)) {
      await using client = await connect(config.server, database);
      const contents = await readContents(client, 'count');
      live[database] = { tables: Object.keys(contents.tables).length, rows: rowsOf(contents) };
    }
    return { manifest, live };
  },
  restore: async ({ config, store, signal, values }) =>
    await restoreBackup({
      config,
      store,
      name: values.name ?? (await newest(store)),
      database: values.database,
      to: values.to,
      report: reportToOutput,
      signal,
    }),
  /** What the server had at a moment, as a backup that `forget` removes. */
  recover: async ({ config, store, signal, values }) => {
    const time = new Date(values.time ?? '');
    if (Number.isNaN(time.getTime())) throw new Error('--time is not a time');
    return await recover({ config, store, time, report: reportToOutput, signal });
  },
  forget: async ({ store, values }) => {
    const { name = '' } = values;
    if (!isRecovered(partKey(name, 'manifest.json'))) throw new Error('only what was recovered is forgotten');
    await removeBackup(store, name);
    return { name };
  },
};

async function newest(store: Store): Promise<string> {
  const last = (await readEntries(store)).at(-1);
  if (last === undefined) throw new Error('there is no backup');
  return last.name;
}

async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      attended: { type: 'boolean' },
      name: { type: 'string' },
      database: { type: 'string' },
      to: { type: 'string' },
      time: { type: 'string' },
      cluster: { type: 'string' },
      segment: { type: 'string' },
      target: { type: 'string' },
    },
  });
  let config: Config;
  try {
    config = readConfig(configFile);
  } catch (cause) {
    reportToOutput({ type: 'failure', message: `${configFile}: ${wordsOf(cause)}` });
    return wrongConfiguration;
  }
  const store = openStore(config.storage);
  const stop = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    process.once(name, () => stop.abort(new Error('it was interrupted')));
  // Whoever called it has gone, and nobody would send a signal into the container.
  if (values.attended === true)
    process.stdin.on('end', () => stop.abort(new Error('it was interrupted'))).resume();
  const { signal } = stop;
  const [command = 'serve'] = positionals;
  try {
    if (command === 'fetch-log') {
      const { cluster = '', segment = '', target = '' } = values;
      return (await fetchSegment({ store, cluster, segment, target })) ? 0 : 1;
    }
    if (command === 'serve') await serve({ config, store, report: reportToOutput, signal });
    else {
      const run = commands[command];
      if (run === undefined) throw new Error(`${command} is not a command`);
      const answer = await spans.within(
        { name: command },
        async () => await run({ config, store, signal, values }),
      );
      reportToOutput({ type: 'answer', answer });
    }
    return 0;
  } catch (cause) {
    reportToOutput({ type: 'failure', message: wordsOf(cause) });
    return 1;
  } finally {
    await spans.close();
  }
}

process.exitCode = await main();
// Nothing more is read, and a caller that stays would keep the program alive.
process.stdin.destroy();
