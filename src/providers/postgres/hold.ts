const connection = ['--username=postgres', '--host=/run/postgresql', '--dbname=postgres'];
const psql = ['psql', '--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', ...connection];

/** A moment for the server's processes to read its settings again. Seconds. */
const reloadSeconds = 1;

/**
 * Keeps everybody from writing, in the server's own container: new transactions read alone, and clients of before are
 * disconnected. It outlasts a restart, so `end` belongs to it. A client that asks for a transaction that writes gets
 * one all the same.
 */
export const holdWrites = {
  begin: [
    ...psql,
    '--command=ALTER SYSTEM SET default_transaction_read_only = on',
    '--command=SELECT pg_reload_conf()',
    `--command=SELECT pg_sleep(${reloadSeconds})`,
    "--command=SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
  ],
  /** Nothing of it outlasts the server, and nobody writes until that has stopped. */
  forget: [...psql, '--command=ALTER SYSTEM RESET default_transaction_read_only'],
  end: [
    ...psql,
    '--command=ALTER SYSTEM RESET default_transaction_read_only',
    '--command=SELECT pg_reload_conf()',
  ],
} as const;
