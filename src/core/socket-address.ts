/** A port of a container by the names that manifests give it: `{ role: 'realtime', port: 'http' }`. */
export type PortName = { role: string; port: string };

/** An address for a program on this machine to connect to. */
export type SocketAddress = { host: string; port: number };

/** An address that leads to a port until it is disposed of: there may be a tunnel behind it. */
export type Reached = SocketAddress & AsyncDisposable;

/**
 * Finds the way from this machine to a port of a container. The answer holds while the container runs; ask again after
 * a restart.
 *
 * @param signal aborted when nobody waits any more
 * @returns an address to be disposed of after use
 * @throws ArcError if there is no way, with the way out
 */
export type Reach = (to: PortName, signal: AbortSignal) => Promise<Reached>;

/** `http://127.0.0.1:7880`, with brackets around an IPv6 address. */
export function origin(address: SocketAddress): string {
  return `http://${authority(address)}`;
}

/** `127.0.0.1:7880`, `[::1]:7880`. */
export function authority({ host, port }: SocketAddress): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** An address that is there for as long as the machine is: disposing of it does nothing. */
export function lasting(address: SocketAddress): Reached {
  return { ...address, [Symbol.asyncDispose]: async () => undefined };
}

/** The host to connect to for a port that is bound to `bind`: one that is bound to every address is on loopback, too. */
export function hostFor(bind: string): string {
  if (bind === '0.0.0.0') return '127.0.0.1';
  return bind === '::' ? '::1' : bind;
}
