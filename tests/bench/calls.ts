import { randomUUID } from 'node:crypto';
import { shakeHands } from '../../src/core/tls-handshake.ts';
import { type CallingBrowser, openCallingBrowser, trustedKey } from '../support/browser-call.ts';
import { callTokens } from '../support/call.ts';
import type { Way } from '../support/page-call.ts';
import { bounds } from './bounds.ts';
import { type Bench, type BenchContext, requireTools } from './context.ts';
import { timing } from './measure.ts';
import { plainRow, secondsRow, type Timing } from './report.ts';
import { makeStack } from './stack.ts';

const selection = ['gateway', 'realtime', '--without', 'realtime-ingress', '--without', 'realtime-egress'];
const [domain, signalling] = ['arc.local', 'livekit.arc.local'];
const ways: readonly Way[] = ['direct', 'turn'];

/**
 * Seconds from a listener's `connect` in Chromium, through the gateway and its TLS, until the speaker is heard, with media
 * over UDP and through TURN over TLS.
 */
export const benchCalls: Bench = async (context) => {
  requireTools('chromium');
  const { progress } = context;
  const stack = await makeStack({ context, name: 'calls', lines: 'settings: { media: range }' });
  try {
    progress('booting a gateway and a LiveKit server');
    await stack.arc('up', ...selection, '--quiet', '--yes');
    const browser = await openBrowser();
    try {
      const { direct, turn } = await callInTurn({ context, browser });
      return [
        secondsRow({ figure: 'media over UDP', timing: direct, bound: bounds.calls['media over UDP'] }),
        plainRow({ figure: 'media through TURN over TLS', timing: turn }),
      ];
    } finally {
      await browser.close();
    }
  } finally {
    await stack.remove();
  }
};

async function openBrowser(): Promise<CallingBrowser> {
  const { socket, certificate } = await shakeHands({
    address: { host: '127.0.0.1', port: 443 },
    name: signalling,
    believed: [],
    signal: AbortSignal.timeout(10_000),
  });
  socket.destroy();
  if (certificate === undefined) throw new Error('the gateway shows no certificate');
  return openCallingBrowser({
    names: { [`*.${domain}`]: '127.0.0.1' },
    trusted: [trustedKey(certificate)],
    // Without it a browser hides its addresses, and where there is no other network than loopback it finds no way past TURN.
    microphone: true,
  });
}

/** Calls by one way after the other, so that a machine whose speed drifts is unfair to none; the first round warms up. */
async function callInTurn(options: {
  context: BenchContext;
  browser: CallingBrowser;
}): Promise<Readonly<Record<Way, Timing>>> {
  const { context, browser } = options;
  const seconds: Record<Way, number[]> = { direct: [], turn: [] };
  for (let round = 0; round <= context.rounds; round += 1) {
    for (const way of ways) {
      context.signal.throwIfAborted();
      context.progress(`${way}, ${round === 0 ? 'warming up' : `round ${round} of ${context.rounds}`}`);
      const tokens = await callTokens({ room: `bench-${randomUUID()}` });
      const call = await browser.call({ url: `wss://${signalling}`, ...tokens, way });
      await call.end();
      for (const { protocol, relayProtocol } of [call.spoken, call.heard])
        if (protocol !== 'udp' || (relayProtocol === 'tls') !== (way === 'turn'))
          throw new Error(`media went over ${relayProtocol ?? protocol} in a call that is ${way}`);
      if (round > 0) seconds[way].push(call.millisecondsToMedia / 1_000);
    }
  }
  return {
    direct: timing('UDP', seconds.direct),
    turn: timing('TURN', seconds.turn),
  };
}
