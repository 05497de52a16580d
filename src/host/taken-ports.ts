import { bindOverlap } from './bind-overlap.ts';
import { type BoundSocket, boundSockets } from './proc-net.ts';
import { tryBind } from './try-bind.ts';

/** One port of one protocol on one address. */
export type Port = { protocol: 'tcp' | 'udp'; bind: string; port: number };

/** A port that cannot be bound now, with the socket in its way where the kernel's tables name one. */
export type TakenPort<P extends Port> = { port: P; socket: BoundSocket | undefined };

/**
 * The ports that cannot be bound now, on Linux. arc tries TCP ports, which is faster than reading the kernel's table of
 * connections. It looks up UDP ports, of which there can be hundreds, in the kernel's small table.
 *
 * @param options.proc where procfs is mounted
 */
export async function takenPorts<P extends Port>(options: {
  ports: readonly P[];
  proc: string;
}): Promise<readonly TakenPort<P>[]> {
  const tcp = options.ports.filter(({ protocol }) => protocol === 'tcp');
  const udp = options.ports.filter(({ protocol }) => protocol === 'udp');
  return [...(await takenTcp(tcp, options.proc)), ...(await takenUdp(udp, options.proc))];
}

async function takenTcp<P extends Port>(ports: readonly P[], proc: string): Promise<TakenPort<P>[]> {
  const tried = await Promise.all(ports.map(async (port) => ({ port, answer: await tryBind(port) })));
  const suspects = tried.filter(({ answer }) => answer !== 'free');
  if (suspects.length === 0) return [];
  const sockets = boundSockets({ proc, protocol: 'tcp', ports: numbers(suspects.map(({ port }) => port)) });
  return suspects.flatMap(({ port, answer }) => {
    const socket = sockets.find((each) => overlap(each, port) !== 'no');
    const taken = answer === 'taken' || (socket?.listening === true && overlap(socket, port) === 'sure');
    return taken ? [{ port, socket }] : [];
  });
}

async function takenUdp<P extends Port>(ports: readonly P[], proc: string): Promise<TakenPort<P>[]> {
  if (ports.length === 0) return [];
  const taken: TakenPort<P>[] = [];
  const sockets = boundSockets({ proc, protocol: 'udp', ports: numbers(ports) });
  for (const port of sockets.length === 0 ? [] : ports) {
    const socket = sockets.find((each) => overlap(each, port) !== 'no');
    if (!socket) continue;
    if (overlap(socket, port) === 'sure' || (await tryBind(port)) === 'taken') taken.push({ port, socket });
  }
  return taken;
}

function numbers(ports: readonly Port[]): ReadonlySet<number> {
  return new Set(ports.map(({ port }) => port));
}

function overlap(socket: BoundSocket, port: Port): 'sure' | 'maybe' | 'no' {
  return socket.port === port.port ? bindOverlap(socket.address, port.bind) : 'no';
}
