import { connect } from 'node:net';
import { type Address, authority } from '../../core/address.ts';
import { ask, type Reply } from '../../core/probes/ask.ts';
import type { PortProber } from '../../core/probes/probe.ts';
import type { Probe } from '../../stack/model.ts';

type RedisProbe = Extract<Probe, { kind: 'redis' }>;

/**
 * `PING`, after `AUTH` where there is a password. The exchange is three lines of text, and Redis is ready sooner
 * than a Redis client is loaded (scripts/measure/loading.ts), which would also say HELLO and CLIENT SETINFO on each of
 * the many connections of a wait.
 */
export const redisProber: PortProber<RedisProbe> = ({ probe, address, timeoutMilliseconds, signal }) =>
  ask({
    question: `PING redis://${authority(address)}`,
    timeoutMilliseconds,
    signal,
    run: (over) => ping({ probe, address, signal: over }),
  });

function ping(options: { probe: RedisProbe; address: Address; signal: AbortSignal }): Promise<Reply> {
  const { password } = options.probe;
  const { host, port } = options.address;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal: options.signal });
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
