import { type Fields, mapping, number, text } from './fields.ts';
import { timeOfBackup } from './layout.ts';
import type { StoredPart } from './manifest.ts';
import type { Store } from './store.ts';
import { isSegment } from './wal-names.ts';

/**
 * What a cluster is restored from to a second: base backups, and its log of changes. Clusters are kept apart by their
 * identifier, because the names of segments begin again in each.
 */
export const archivePrefix = 'sql-log/';

export type Base = {
  format: 1;
  /** As that of a backup: when it began. */
  name: string;
  /** Identifier of the cluster. */
  cluster: string;
  startedAt: string;
  finishedAt: string;
  version: string;
  /** The log is needed from this segment on; what comes before it is of no use to this base. */
  firstSegment: string;
  tar: StoredPart;
};

export type Segment = { name: string; at: Date; key: string };

/** All that is kept of one cluster, oldest first. */
export type Archive = { cluster: string; bases: readonly Base[]; segments: readonly Segment[] };

export function baseKey(cluster: string, name: string, part: 'base.tar.gz' | 'base.json'): string {
  return `${archivePrefix}${cluster}/base/${name}/${part}`;
}

export function segmentKey(cluster: string, segment: string): string {
  return `${archivePrefix}${cluster}/wal/${segment}.gz`;
}

/** Reads what there is of each cluster. A base without its record is not one: it was interrupted. */
export async function readArchives(store: Store): Promise<readonly Archive[]> {
  const clusters = new Map<string, { bases: string[]; segments: Segment[] }>();
  for (const { key, at } of await store.list(archivePrefix)) {
    const [cluster = '', kind, name = '', part] = key.slice(archivePrefix.length).split('/');
    const known = clusters.get(cluster) ?? { bases: [], segments: [] };
    clusters.set(cluster, known);
    const segment = name.replace(/\.gz$/, '');
    if (kind === 'wal' && isSegment(segment)) known.segments.push({ name: segment, at, key });
    if (kind === 'base' && part === 'base.json' && timeOfBackup(name) !== undefined) known.bases.push(name);
  }
  return await Promise.all(
    Array.from(clusters, async ([cluster, { bases, segments }]) => ({
      cluster,
      bases: await Promise.all(bases.toSorted().map((name) => readBase(store, cluster, name))),
      segments: segments.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
    })),
  );
}

/** What a server has of its own; nothing yet where the storage has none. */
export function archiveOf(archives: readonly Archive[], cluster: string): Archive {
  return archives.find((one) => one.cluster === cluster) ?? { cluster, bases: [], segments: [] };
}

async function readBase(store: Store, cluster: string, name: string): Promise<Base> {
  const key = baseKey(cluster, name, 'base.json');
  const content = await store.getText(key);
  if (content === undefined) throw new Error(`${key} is gone`);
  const fields = mapping(JSON.parse(content), key);
  if (fields.format !== 1) throw new Error(`${key}: format is not 1; a newer program wrote it`);
  return {
    format: 1,
    name: text(fields, 'name'),
    cluster: text(fields, 'cluster'),
    startedAt: text(fields, 'startedAt'),
    finishedAt: text(fields, 'finishedAt'),
    version: text(fields, 'version'),
    firstSegment: text(fields, 'firstSegment'),
    tar: partOf(mapping(fields.tar, 'tar')),
  };
}

function partOf(fields: Fields): StoredPart {
  return { key: text(fields, 'key'), bytes: number(fields, 'bytes'), sha256: text(fields, 'sha256') };
}
