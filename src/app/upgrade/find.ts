import { failed, invalid } from '../../core/errors.ts';
import type { EngineConnection } from '../../platform/docker/connection.ts';
import { versionOf } from '../../platform/docker/data-format.ts';
import { observe } from '../../platform/docker/observe.ts';
import { ownContainers } from '../../platform/docker/orphans.ts';
import type { HoldWrites } from '../../providers/provider.ts';
import { asBootable } from '../../stack/bootable.ts';
import type { ResolvedContainer, Stack } from '../../stack/model.ts';
import { serversOf } from '../providers.ts';

/** Data whose program reads another version now, and the container that still runs the old one. */
export type Upgrade = {
  container: Pick<ResolvedContainer, 'name' | 'role' | 'service'>;
  /** Of the container that runs: its image reads the data. */
  running: { id: string; imageId: string };
  volume: string;
  /** Name of the copy that is kept. */
  kept: string;
  from: number;
  to: number;
  holdWrites: HoldWrites;
};

/** As many bytes hold any version. */
const startLength = 512;

/**
 * Looks for data of a service that is older than what its program reads.
 *
 * @returns nothing to do where the data is of the version that the program reads, or new
 * @throws ArcError `no-upgrade` (exit status 2) where the service has no data of that sort, `upgrade-needs-server`
 *   where what can read the old data does not run, `upgrade-name-taken` where there is a copy already
 */
export async function findUpgrade(options: {
  connection: EngineConnection;
  stack: Stack;
  service: string;
}): Promise<Upgrade | { current: number | undefined; container: string }> {
  const { connection, stack, service } = options;
  const { engine } = connection;
  const found = findData({ stack, service });
  const { container, volume, format } = found;
  const [snapshot, volumes] = await Promise.all([
    observe({ engine, project: stack.project, stack }),
    engine.listVolumes(),
  ]);
  const isThere = (name: string): boolean => volumes.some((one) => one.name === name);
  if (!isThere(volume)) return { current: undefined, container: container.name };
  const there = ownContainers(snapshot).find(({ role }) => role === container.role);
  const seen = there === undefined ? undefined : await readVersion({ ...options, found, name: there.name });
  const to = Math.max(format.reads.upstream, format.reads.recipe ?? 0);
  if (there !== undefined && (seen === undefined || seen >= to))
    return { current: seen, container: container.name };
  if (there?.state !== 'running' || seen === undefined) throw needsServer(container, there?.state);
  const kept = `${volume}-${seen}`;
  if (isThere(kept)) throw nameTaken(kept);
  const { id, imageId } = there;
  return { ...found, running: { id, imageId }, kept, from: seen, to };
}

function findData(options: { stack: Stack; service: string }) {
  const { service } = options;
  const stack = asBootable(options.stack);
  for (const { provider, server } of serversOf(stack)) {
    const container = stack.containers.find(({ role }) => role === server.role);
    const data = container?.volumes.find(({ format }) => format?.exact === true);
    if (container?.service !== service || data?.format === undefined) continue;
    if (provider.holdWrites === undefined) continue;
    const { volume, target, format } = data;
    return { container, volume, target, format, holdWrites: provider.holdWrites };
  }
  throw invalid({
    code: 'no-upgrade',
    message: `${service} has no data that has to be moved to another version.`,
    suggestion: 'name the service of a database: arc upgrade sql',
  });
}

async function readVersion(options: {
  connection: EngineConnection;
  found: ReturnType<typeof findData>;
  name: string;
}): Promise<number | undefined> {
  const { connection, found, name } = options;
  for (const file of found.format.files) {
    const path = `${found.target}/${file}`;
    const start = await connection.engine.readStart({ name, path, length: startLength });
    if (start === undefined) continue;
    const version = versionOf({ ...start, pattern: found.format.pattern });
    if (version.kind === 'version') return version.version;
    throw failed({
      code: 'data-version-unknown',
      message: `${path} does not say which version wrote the data in ${found.volume}.`,
      ...(version.kind === 'unread' ? { detail: [version.reason] } : {}),
    });
  }
  return undefined;
}

function needsServer({ name, role }: Pick<ResolvedContainer, 'name' | 'role'>, state: string | undefined) {
  return failed({
    code: 'upgrade-needs-server',
    message: `${name} ${state === undefined ? 'does not exist' : `is ${state}`}, and only the version that wrote the data can read it.`,
    suggestion: `go back to the commit of the workspace that wrote it, run \`arc up ${role}\` there, and come back`,
  });
}

function nameTaken(kept: string) {
  return failed({
    code: 'upgrade-name-taken',
    message: `There is a volume ${kept} already, from an upgrade before this one.`,
    suggestion: `look at what is in it; where nobody needs it: docker volume rm ${kept}`,
  });
}
