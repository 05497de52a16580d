import pg from 'pg';
import { cachedKeys, type Keys } from './keys.ts';

/**
 * The keys that the stack's SQL database keeps. Its role may call two functions and read no table: see
 * services/sql/migrations.
 *
 * @param options.url `postgres://contract_keys:…@arc-sql:5432/arc`
 * @param options.seconds how long a key is remembered after it was read
 * @param options.onClient gets each client of `pg` when it has connected, for traces of its queries
 * @returns `close` ends the connections
 */
export function sqlKeys(options: {
  url: string;
  seconds?: number;
  onClient?: (client: pg.PoolClient) => void;
}): Keys & { close: () => Promise<void> } {
  const { url, onClient, ...caching } = options;
  const pool = new pg.Pool({ connectionString: url, max: 2, application_name: 'arc-contracts' });
  // A connection that breaks while nobody uses it is replaced; without this Node would end the process.
  pool.on('error', () => undefined);
  if (onClient !== undefined) pool.on('connect', onClient);
  const keys: Keys = {
    ofUser: async (user) => {
      const { rows } = await pool.query('SELECT id, key FROM privacy.key_of_user($1)', [user]);
      const [row] = rows;
      return { id: String(row.id), key: new Uint8Array(row.key) };
    },
    byId: async (id) => {
      const { rows } = await pool.query('SELECT privacy.key_by_id($1) AS key', [id]);
      const key = rows[0]?.key;
      return key === null || key === undefined ? undefined : new Uint8Array(key);
    },
  };
  return { ...cachedKeys({ keys, ...caching }), close: () => pool.end() };
}
