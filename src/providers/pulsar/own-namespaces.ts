import { call, type PulsarServer } from './client.ts';
import { inParallel } from './in-parallel.ts';
import { namespacesOf, readNamespace } from './namespace/read.ts';

/**
 * The namespaces in which arc looks for what nobody declares any more: those that are declared, and all others of the
 * broker that have the mark of the project. So nothing stays behind unseen where a contract names nothing of a namespace
 * any more, and nothing is read of namespaces that are somebody else's. One that does not exist yet is left out: asked
 * for its topics, the broker remembers it with another number of bundles than it then gets, and cannot delete it.
 *
 * @param options.declared `arc/events`
 */
export async function ownNamespaces(options: {
  server: PulsarServer;
  project: string;
  declared: Iterable<string>;
  signal: AbortSignal;
}): Promise<readonly string[]> {
  const { server, project, signal } = options;
  const declared = new Set(options.declared);
  const tenants = (await call({ server, method: 'GET', path: 'tenants', signal })) as readonly string[];
  const all = (await inParallel(tenants, (tenant) => namespacesOf({ server, tenant, signal }))).flat();
  const others = all.filter((name) => !declared.has(name));
  const marked = await inParallel(others, async (name) => {
    const found = await readNamespace({ server, name, signal });
    return found?.mark?.project === project ? [name] : [];
  });
  return [...all.filter((name) => declared.has(name)), ...marked.flat()];
}
