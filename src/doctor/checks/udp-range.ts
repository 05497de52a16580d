import { type Check, ok } from '../check.ts';
import { engineOf, stackOf } from '../situation.ts';

/** Ports from which on a range can be felt. */
const noticeable = 10;

/**
 * The cost of a range of UDP ports on this Engine, measured with 101 ports on Engines 20.10 and 29.8
 * (docs/upstream.md). Every Engine opens ports one by one, in 2 to 4 s; the time to close them depends on the firewall
 * backend.
 */
export const udpRangeCheck: Check = {
  id: 'udp-range',
  examine: async (situation) => {
    const engine = engineOf(situation);
    const ranges = (stackOf(situation)?.containers ?? []).flatMap(({ name, ports }) =>
      ports
        .filter(({ protocol }) => protocol === 'udp')
        .map(({ host }) => ({ name, count: host.last - host.first + 1 }))
        .filter(({ count }) => count >= noticeable),
    );
    if (engine === undefined || ranges.length === 0) return [];
    return ranges.flatMap(({ name, count }) =>
      ok(
        `the ${count} UDP ports of ${name} cost ${seconds(count, [2, 4])} at each start, and ${stopCost(count, engine.firewall)} at each stop; one port costs neither`,
      ),
    );
  },
};

const measuredPorts = 101;

function stopCost(count: number, firewall = 'iptables'): string {
  return firewall.startsWith('nftables')
    ? 'less than 1 s (nftables)'
    : `${seconds(count, [4, 6])} (${firewall})`;
}

/** Time grows with the number of ports. */
function seconds(count: number, [from, to]: readonly [number, number]): string {
  const scaled = (value: number) => Math.max(1, Math.round((value * count) / measuredPorts));
  const [least, most] = [scaled(from), scaled(to)];
  return least === most ? `about ${least} s` : `${least} to ${most} s`;
}
