import { execa } from 'execa';

/** What may leave a network; everything else is dropped without an answer, as strict firewalls do. */
export type Allowed = readonly { protocol: 'tcp' | 'udp'; port: number }[];

export const restrictedNetworkNeeds = ['iptables'] as const;

/**
 * A firewall of the client: replaces what was allowed before.
 *
 * @param options.before starts a program in the network, as for a far machine
 * @param options.allowed absent where everything may leave
 */
export async function allowOnly(options: { before: readonly string[]; allowed?: Allowed }): Promise<void> {
  const { before, allowed } = options;
  const rule = (...words: string[]) => {
    const [program = '', ...rest] = [...before, 'iptables', '--wait', ...words];
    return execa(program, rest, { stdin: 'ignore' });
  };
  await rule('--flush', 'OUTPUT');
  if (allowed === undefined) return;
  await rule('--append', 'OUTPUT', '--out-interface', 'lo', '--jump', 'ACCEPT');
  for (const { protocol, port } of allowed) {
    await rule('--append', 'OUTPUT', '--protocol', protocol, '--dport', String(port), '--jump', 'ACCEPT');
  }
  await rule('--append', 'OUTPUT', '--jump', 'DROP');
}
