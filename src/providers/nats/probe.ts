import { connect } from 'node:net';
import { optionalText, secretField } from '../../core/data.ts';
import { nkeyOf, signChallenge } from '../../core/nkey.ts';
import { ask, explain, type Reply } from '../../core/probes/ask.ts';
import type { ProbeKind } from '../../core/probes/probe.ts';
import type { Secret } from '../../core/secret.ts';
import { authority, origin, type SocketAddress } from '../../core/socket-address.ts';

/**
 * Logs in and sends a `PING`, and asks whether the server keeps streams. It is four lines of text: NATS is ready sooner
 * than its client is loaded, which would also connect again by itself. With `aspect: streams` it asks the monitoring
 * port whether all streams can write.
 */
export const natsProbe: ProbeKind = {
  kind: 'nats',
  ask: ({ fields, address, timeoutMilliseconds, signal }) => {
    if (optionalText(fields, 'aspect') === 'streams')
      return ask({
        question: `streams of ${origin(address)}`,
        timeoutMilliseconds,
        signal,
        run: async (over) => (await import('./stream-health.ts')).askStreams({ address, signal: over }),
      });
    const seed = secretField(fields, 'seed');
    // A workspace without contracts has no event to send.
    const isEvent = (optionalText(fields, 'subject') ?? '') !== '';
    return ask({
      question: `${isEvent ? 'send an event by' : 'log in to'} nats://${authority(address)}`,
      timeoutMilliseconds,
      signal,
      run: async (over) =>
        isEvent
          ? (await import('./check.ts')).passEvent({ fields, address, signal: over })
          : logIn({ seed, address, signal: over }),
    });
  },
};

function logIn(options: { seed: Secret; address: SocketAddress; signal: AbortSignal }): Promise<Reply> {
  const { seed, address, signal } = options;
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    let text = '';
    let version: string | undefined;
    const settle = (reply: Reply): void => {
      resolve(reply);
      socket.destroy();
    };
    /** The reply that a line is, if it is one. */
    const take = (line: string): Reply | undefined => {
      const refusal = /^-ERR '?(.*?)'?$/.exec(line)?.[1];
      if (refusal !== undefined) return { ok: false, came: refusal };
      if (line === 'PONG') return { ok: true, came: `PONG of NATS ${version ?? ''}`.trim() };
      const greeting = readGreeting(line);
      if (greeting === undefined) return undefined;
      if (greeting.jetstream !== true) return { ok: false, came: 'it keeps no streams (JetStream is off)' };
      version = greeting.version;
      socket.write(`${connectLine(seed, greeting.nonce)}PING\r\n`);
      return undefined;
    };
    socket.setEncoding('utf8');
    socket.on('error', reject);
    socket.on('data', (chunk: string) => {
      text += chunk;
      const lines = text.split('\r\n');
      text = lines.pop() ?? '';
      // What comes may be no greeting of NATS at all, and nobody else catches what a listener throws.
      try {
        for (const line of lines) {
          const reply = take(line);
          if (reply !== undefined) return settle(reply);
        }
      } catch (cause) {
        settle({ ok: false, came: `no greeting of NATS: ${explain(cause)}` });
      }
    });
    socket.on('close', () => settle({ ok: false, came: 'connection closed without an answer' }));
  });
}

type Greeting = { version?: string; nonce?: string; jetstream?: boolean };

function readGreeting(line: string): Greeting | undefined {
  return line.startsWith('INFO ') ? (JSON.parse(line.slice('INFO '.length)) as Greeting) : undefined;
}

/** What the client says of itself. A server without a challenge asks for no key. */
function connectLine(seed: Secret, challenge: string | undefined): string {
  const proof =
    challenge === undefined
      ? {}
      : { sig: signChallenge({ seed: seed.reveal(), challenge }), nkey: nkeyOf(seed.reveal()) };
  const client = { verbose: false, pedantic: false, lang: 'arc', version: '', name: 'arc', ...proof };
  return `CONNECT ${JSON.stringify(client)}\r\n`;
}
