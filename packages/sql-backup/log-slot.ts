import type { Server } from './config.ts';
import { connect } from './database.ts';

/** The server keeps its log for it, up to `max_slot_wal_keep_size`. */
export const slot = 'arc_backup';

/** The identifier of the cluster that a server has: another one after its data was made anew. */
export async function readCluster(server: Server): Promise<string> {
  await using client = await connect(server, 'template1');
  const { rows } = await client.query<{ id: string }>(
    'SELECT system_identifier::text AS id FROM pg_control_system()',
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the server does not say which cluster it has');
  return row.id;
}

/**
 * Makes sure that the server keeps its log until it is here. Where it had to let go of some, because nobody fetched it
 * for too long, it begins anew: the log has a gap then, and another base is due.
 *
 * @returns whether it begins anew
 */
export async function ensureSlot(server: Server): Promise<'kept' | 'new'> {
  await using client = await connect(server, 'template1');
  const { rows } = await client.query<{ lost: boolean }>(
    "SELECT coalesce(wal_status = 'lost', false) AS lost FROM pg_replication_slots WHERE slot_name = $1",
    [slot],
  );
  const [found] = rows;
  if (found !== undefined && !found.lost) return 'kept';
  if (found !== undefined) await client.query('SELECT pg_drop_replication_slot($1)', [slot]);
  // It reserves the log from now on, and not from when somebody first connects.
  await client.query('SELECT pg_create_physical_replication_slot($1, true)', [slot]);
  return 'new';
}

/** Where nobody fetches the log any more, the server need not keep it. */
export async function dropSlot(server: Server): Promise<void> {
  await using client = await connect(server, 'template1');
  await client.query(
    'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1 AND NOT active',
    [slot],
  );
}

/**
 * Ends the segment that is being written, so that what was done until now comes into the storage. A transaction with
 * nothing in it comes first: recovery stops at a time only where it sees one that ended later.
 *
 * @returns the segment that has it
 */
export async function endSegment(server: Server): Promise<string> {
  await using client = await connect(server, 'template1');
  await client.query('SELECT pg_current_xact_id()');
  const { rows } = await client.query<{ segment: string }>(
    'SELECT pg_walfile_name(pg_switch_wal()) AS segment',
  );
  const [row] = rows;
  if (row === undefined) throw new Error('the server does not say which segment it ended');
  return row.segment;
}
