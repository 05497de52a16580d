import { bindOverlap } from './bind-overlap.ts';
import { listedPorts } from './lsof.ts';
import type { HeldPort, Holder, PublishingContainer, WantedPort } from './port.ts';
import { type Owner, socketOwners, userName } from './proc-owner.ts';
import { takenPorts } from './taken-ports.ts';
import { tryBind } from './try-bind.ts';

/** Programs that hold a port on behalf of a container: Docker's, rootless Docker's, Podman's and the desktops'. */
const proxies = new Set([
  'docker-proxy',
  'dockerd',
  'rootlesskit',
  'rootlessport',
  'com.docker.backend',
  'com.docker.vpnkit',
  'limactl',
  'gvproxy',
]);

/** One port of a wanted stretch. */
type Single<P extends WantedPort> = { wanted: P; protocol: 'tcp' | 'udp'; bind: string; port: number };
type Taken<P extends WantedPort> = Single<P> & { heldOn: string; holder: Holder };

/**
 * Finds the taken ports and their holders. Takes a few milliseconds if no port is taken, even for hundreds of ports;
 * processes are searched only for taken ports.
 *
 * @param options.ports what is wanted; extra properties come back with `wanted`
 * @param options.containers what running containers publish, which is not seen otherwise where an Engine publishes with
 *   firewall rules alone; ports of one's own containers are no conflict
 * @param options.proc where procfs is mounted; without it (macOS) every port is tried, and `lsof` names the holders
 */
export async function portHolders<P extends WantedPort>(options: {
  ports: readonly P[];
  containers: readonly PublishingContainer[];
  proc?: string;
  platform?: NodeJS.Platform;
}): Promise<readonly HeldPort<P>[]> {
  const { proc = '/proc', platform = process.platform } = options;
  const { published, open } = split(options);
  const held = platform === 'linux' ? await heldOnLinux(open, proc) : await heldElsewhere(open);
  return stretches([...published, ...held]);
}

/** The same as far as an Engine on another machine knows: which of the ports its containers have. */
export function publishedHolders<P extends WantedPort>(options: {
  ports: readonly P[];
  containers: readonly PublishingContainer[];
}): readonly HeldPort<P>[] {
  return stretches(split(options).published);
}

function split<P extends WantedPort>(options: {
  ports: readonly P[];
  containers: readonly PublishingContainer[];
}): { published: readonly Taken<P>[]; open: readonly Single<P>[] } {
  const published: Taken<P>[] = [];
  const open: Single<P>[] = [];
  for (const single of options.ports.flatMap(singles)) {
    const container = publisher(options.containers, single);
    if (!container) open.push(single);
    else if (!container.own) published.push({ ...single, heldOn: container.bind, holder: container.holder });
  }
  return { published, open };
}

function singles<P extends WantedPort>(wanted: P): readonly Single<P>[] {
  const { protocol, bind, first, last } = wanted;
  return Array.from({ length: last - first + 1 }, (_, index) => ({
    wanted,
    protocol,
    bind,
    port: first + index,
  }));
}

function publisher(
  containers: readonly PublishingContainer[],
  single: { protocol: 'tcp' | 'udp'; bind: string; port: number },
): { own: boolean; bind: string; holder: Holder } | undefined {
  for (const { name, own, ports } of containers) {
    for (const { protocol, bind, first, last } of ports) {
      const covers = protocol === single.protocol && first <= single.port && single.port <= last;
      if (covers && bindOverlap(bind, single.bind) === 'sure') {
        return { own, bind, holder: { kind: 'container', name } };
      }
    }
  }
  return undefined;
}

async function heldOnLinux<P extends WantedPort>(
  open: readonly Single<P>[],
  proc: string,
): Promise<Taken<P>[]> {
  const taken = await takenPorts({ ports: open, proc });
  if (taken.length === 0) return [];
  const inodes = new Set(taken.flatMap(({ socket }) => (socket ? [socket.inode] : [])));
  const owners = socketOwners({ proc, inodes });
  return taken.map(({ port, socket }) => ({
    ...port,
    heldOn: socket?.address ?? port.bind,
    holder: socket ? holderOf(owners.get(socket.inode), socket.uid) : unseen,
  }));
}

const unseen: Holder = {
  kind: 'unknown',
  reason: 'a process that is not visible from here (another container, or a socket that only reserves it)',
};

function holderOf(owner: Owner | undefined, uid: number): Holder {
  if (owner) return { kind: proxies.has(owner.name) ? 'proxy' : 'process', ...owner };
  const self = process.getuid?.();
  return self !== 0 && self !== uid ? { kind: 'hidden', user: userName(uid) } : unseen;
}

async function heldElsewhere<P extends WantedPort>(open: readonly Single<P>[]): Promise<Taken<P>[]> {
  const tried = await Promise.all(
    open.map(async (single) => ((await tryBind(single)) === 'taken' ? [single] : [])),
  );
  const taken = tried.flat();
  if (taken.length === 0) return [];
  const listed = await listedPorts({ deadlineMilliseconds: 5_000 });
  return taken.map((single) => {
    const match = listed.find(
      ({ protocol, port, address }) =>
        protocol === single.protocol && port === single.port && bindOverlap(address, single.bind) !== 'no',
    );
    const holder: Holder = match
      ? { kind: proxies.has(match.owner.name) ? 'proxy' : 'process', ...match.owner }
      : { kind: 'unknown', reason: 'a process that `lsof` does not name' };
    return { ...single, heldOn: match?.address ?? single.bind, holder };
  });
}

/** Joins neighbouring ports of one holder, so that a range is one line. */
function stretches<P extends WantedPort>(taken: readonly Taken<P>[]): readonly HeldPort<P>[] {
  const joined: HeldPort<P>[] = [];
  for (const { wanted, port, heldOn, holder } of taken.toSorted((a, b) => a.port - b.port)) {
    const at = joined.findLastIndex((held) => held.wanted === wanted);
    const before = joined[at];
    if (before && before.last + 1 === port && before.bind === heldOn && sameHolder(before.holder, holder)) {
      joined[at] = { ...before, last: port };
    } else {
      joined.push({ wanted, first: port, last: port, bind: heldOn, holder });
    }
  }
  return joined;
}

/** Every port of a range has its own proxy process. */
function sameHolder(left: Holder, right: Holder): boolean {
  if (left.kind === 'proxy') return right.kind === 'proxy' && left.name === right.name;
  return JSON.stringify(left) === JSON.stringify(right);
}
