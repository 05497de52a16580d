import type { Owner } from './proc-owner.ts';
import { run } from './process.ts';

/** A port and the process that `lsof` names for it. */
export type ListedPort = { protocol: 'tcp' | 'udp'; address: string; port: number; owner: Owner };

/**
 * Finds who holds ports on a machine without /proc (macOS). Empty if `lsof` is absent or does not answer in time.
 *
 * @param options.deadlineMilliseconds lsof can wait for a network file system that does not answer
 */
export async function listedPorts(options: { deadlineMilliseconds: number }): Promise<readonly ListedPort[]> {
  const { stdout } = await run({
    command: 'lsof',
    // `-sTCP:LISTEN` would leave out UDP, so connections are left out here.
    args: ['-nP', '-i', '-F', 'pcPnT'],
    environment: process.env,
    limitMilliseconds: options.deadlineMilliseconds,
  });
  return parseLsof(stdout.toString('utf8'));
}

/**
 * Reads `lsof -F pcPnT`, a letter and a value a line (lsof(8), "Output for other programs"): `p` and `c` hold for
 * the sockets that follow, each of which starts with its protocol `P` and may end with its state `TST=`.
 */
export function parseLsof(text: string): readonly ListedPort[] {
  const found: { entry: ListedPort; state?: string }[] = [];
  let owner: Owner = { name: '', pid: 0 };
  let protocol: 'tcp' | 'udp' = 'tcp';
  for (const line of text.split('\n')) {
    const value = line.slice(1);
    const last = found.at(-1);
    if (line[0] === 'p') owner = { name: '', pid: Number(value) };
    else if (line[0] === 'c') owner = { ...owner, name: value };
    else if (line[0] === 'P') protocol = value === 'UDP' ? 'udp' : 'tcp';
    else if (line[0] === 'n') {
      const [, bracketed, plain = '', port] = /^(?:\[(.+)\]|([^[\]]*?)):(\d+)(?:->.*)?$/.exec(value) ?? [];
      const address = bracketed ?? (plain === '*' ? '0.0.0.0' : plain);
      if (port !== undefined) found.push({ entry: { protocol, address, port: Number(port), owner } });
    } else if (line.startsWith('TST=') && last) last.state = line.slice(4);
  }
  return found
    .filter(({ entry, state }) => entry.protocol === 'udp' || state === undefined || state === 'LISTEN')
    .map(({ entry }) => entry);
}
