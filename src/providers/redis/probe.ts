import { connect } from 'node:net';
import { optionalSecret } from '../../core/data.ts';
import { ask, type Reply } from '../../core/probes/ask.ts';
import type { ProbeKind } from '../../core/probes/probe.ts';
import type { Secret } from '../../core/secret.ts';
import { authority, type SocketAddress } from '../../core/socket-address.ts';

/**
 * `PING`, after `AUTH` if there is a password. The exchange is three lines of text, and Redis is ready sooner than a
 * Redis client is loaded (scripts/measure/loading.ts), which would also send HELLO and CLIENT SETINFO on each of a
 * wait's many connections.
 */
export const redisProbe: ProbeKind = {
  kind: 'redis',
  ask: ({ fields, address, timeoutMilliseconds, signal }) => {
    const password = optionalSecret(fields, 'password');
    return ask({
      question: `PING redis://${authority(address)}`,
      timeoutMilliseconds,
      signal,
      run: (over) => ping({ password, address, signal: over }),
    });
  },
};

function ping(options: {
  password: Secret | undefined;
  address: SocketAddress;
  signal: AbortSignal;
}): Promise<Reply> {
  const { password, address, signal } = options;
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    const commands = [...(password ? [['AUTH', password.reveal()]] : []), ['PING']];
    let text = '';
    const settle = (reply: Reply): void => {
      resolve(reply);
      socket.destroy();
    };
    socket.setEncoding('utf8');
    socket.on('error', reject);
    socket.on('connect', () => socket.write(commands.map(encode).join('')));
    socket.on('data', (chunk: string) => {
      text += chunk;
      const reply = read(text, commands.length);
      if (reply) settle(reply);
    });
    socket.on('close', () => settle({ ok: false, came: 'connection closed without an answer' }));
  });
}

/** A command as an array of bulk strings (Redis serialization protocol). */
function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** The reply, once every command has been answered or one was refused (`-NOAUTH …`, `-LOADING …`). */
function read(text: string, expected: number): Reply | undefined {
  const lines = text.split('\r\n').slice(0, -1);
  const refusal = lines.find((line) => line.startsWith('-'));
  if (refusal) return { ok: false, came: refusal.slice(1) };
  if (lines.length < expected) return undefined;
  const last = lines[expected - 1] ?? '';
  return last === '+PONG'
    ? { ok: true, came: 'PONG' }
    : { ok: false, came: `not Redis: ${JSON.stringify(last)}` };
}
