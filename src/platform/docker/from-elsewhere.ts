import { describeOwner, type Home, isFromHere, type Owner, ownerKey } from '../../stack/owner.ts';
import type { Snapshot } from './snapshot.ts';

/** An object of the project that another workspace created. */
export type FromElsewhere = {
  kind: 'container' | 'volume' | 'network';
  name: string;
  role?: string;
  owner: Owner;
};

/**
 * The project's objects that another workspace created: two clones of one repository have the same project, and so the
 * same names on the Engine. A volume's labels never change, so the container that uses it tells the current owner;
 * without a container, the labels do.
 *
 * @param options.resolve the real path of a folder on this host; undefined if there is no such folder
 */
export function fromElsewhere(options: {
  snapshot: Snapshot;
  home: Home;
  resolve: (folder: string) => string | undefined;
}): readonly FromElsewhere[] {
  const { snapshot, home, resolve } = options;
  const isOurs = ({ project }: { project?: string }): boolean => project === snapshot.project;
  const isForeign = (owner: Owner | undefined): owner is Owner =>
    owner !== undefined && !isFromHere({ owner, home, resolve });
  const containers = snapshot.containers.filter(isOurs);
  const users = new Map(containers.map(({ role, owner }) => [role, owner]));
  const found: FromElsewhere[] = [];
  for (const { name, role, owner } of containers)
    if (isForeign(owner)) found.push({ kind: 'container', name, owner, ...(role && { role }) });
  for (const { name, role, owner } of snapshot.volumes.filter(isOurs)) {
    const user = users.get(role);
    const whose = user ?? owner;
    if (!isForeign(whose)) continue;
    if (user === undefined && home.takenOver.includes(ownerKey(whose))) continue;
    found.push({ kind: 'volume', name, owner: whose, ...(role && { role }) });
  }
  for (const { name, owner } of snapshot.networks.filter(isOurs))
    if (isForeign(owner) && !home.takenOver.includes(ownerKey(owner)))
      found.push({ kind: 'network', name, owner });
  return found;
}

/**
 * `arc-cache and the volume arc-cache-data run from /home/a/arc on laptop1`, a sentence for each workspace.
 *
 * @param options.objects at least one
 */
export function describeElsewhere(objects: readonly FromElsewhere[]): readonly string[] {
  const byOwner = Map.groupBy(objects, ({ owner }) => describeOwner(owner));
  return [...byOwner].map(([owner, theirs]) => {
    const names = theirs.map(({ kind, name }) => (kind === 'container' ? name : `the ${kind} ${name}`));
    const running = theirs.some(({ kind }) => kind === 'container');
    const verb = running ? (names.length === 1 ? 'runs' : 'run') : names.length === 1 ? 'is' : 'are';
    return `${listOf(names)} ${verb} from ${owner}`;
  });
}

function listOf(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}
