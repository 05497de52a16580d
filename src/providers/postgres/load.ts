/** What talks to a server: a driver, loaded with the client that all of PostgreSQL's drivers share. */
export async function loadWithClient<Driver>(loading: Promise<Driver>) {
  const [driver, { openDatabaseServer }] = await Promise.all([loading, import('./client.ts')]);
  return { driver, open: openDatabaseServer };
}
