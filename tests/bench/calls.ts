import { type FarStack, farStackNeeds, names, openFarStack } from '../support/far-stack.ts';
import type { Allowed } from '../support/restricted-network.ts';
import { bounds } from './bounds.ts';
import { type Bench, type BenchContext, requireTools } from './context.ts';
import { timing } from './measure.ts';
import { plainRow, secondsRow, type Timing } from './report.ts';

/** How media may go: all that a firewall lets through, and the names that the browser finds. */
type Way = { allowed?: Allowed; names: readonly string[]; protocol: 'udp' | 'tcp'; relay: 'tls' | undefined };

const { signalling, turn } = names;
const tcp = (...ports: readonly number[]): Allowed => ports.map((port) => ({ protocol: 'tcp', port }));
const ways = {
  UDP: { names: [signalling], protocol: 'udp', relay: undefined },
  'ICE/TCP': { allowed: tcp(443, 7881), names: [signalling], protocol: 'tcp', relay: undefined },
  // The relay itself goes over UDP, from the server to itself.
  TURN: { allowed: tcp(443), names: [signalling, turn], protocol: 'udp', relay: 'tls' },
} as const satisfies Readonly<Record<string, Way>>;
type WayName = keyof typeof ways;

/**
 * Seconds from a listener's `connect` in Chromium, on another machine and through the gateway and its TLS, until the
 * speaker is heard: with media over UDP, with UDP dropped, and with nothing but port 443.
 */
export const benchCalls: Bench = async (context) => {
  requireTools(...farStackNeeds);
  context.progress('booting the profile production on another machine');
  const stack = await openFarStack();
  try {
    const took = await callInTurn({ context, stack });
    return [
      secondsRow({ figure: 'media over UDP', timing: took('UDP'), bound: bounds.calls['media over UDP'] }),
      plainRow({ figure: 'media over ICE/TCP', timing: took('ICE/TCP') }),
      plainRow({ figure: 'media through TURN over TLS', timing: took('TURN') }),
    ];
  } finally {
    await stack.close();
  }
};

/** Calls by one way after the other, so that a machine whose speed drifts is unfair to none; the first round warms up. */
async function callInTurn(options: {
  context: BenchContext;
  stack: FarStack;
}): Promise<(name: WayName) => Timing> {
  const { context, stack } = options;
  const seconds: Record<WayName, number[]> = { UDP: [], 'ICE/TCP': [], TURN: [] };
  for (let round = 0; round <= context.rounds; round += 1) {
    for (const name of Object.keys(ways) as readonly WayName[]) {
      context.signal.throwIfAborted();
      context.progress(`${name}, ${round === 0 ? 'warming up' : `round ${round} of ${context.rounds}`}`);
      const { protocol, relay, ...way }: Way = ways[name];
      const { spoken, heard, millisecondsToMedia } = await stack.call({
        ...way,
        room: `bench-${name}-${round}`,
      });
      for (const path of [spoken, heard])
        if (path.protocol !== protocol || path.relayProtocol !== relay)
          throw new Error(`media went over ${path.relayProtocol ?? path.protocol} in a call over ${name}`);
      if (round > 0) seconds[name].push(millisecondsToMedia / 1_000);
    }
  }
  return (name) => timing(name, seconds[name]);
}
