import { dirname, join } from 'node:path';
import { Secret } from '../../../core/secret.ts';
import { run } from '../../../host/process.ts';
import { describeEnd } from '../../../host/process-end.ts';
import { environmentWithoutProxies } from '../../../host/proxies.ts';
import type { WebrtcAnswer, WebrtcTask } from './task.ts';

/**
 * Runs a task with the WebRTC client in a process of its own, because its native library
 * - frees what is still in use when JavaScript's garbage is collected after a first call (every sixth `arc health` with two
 *   calls ended by it): the process is over before there is enough garbage,
 * - asks the proxy that the environment names also for loopback,
 * - has threads that only the end of a process ends.
 *
 * @throws Error where the process ended without an answer; the signal's reason
 */
export async function runTask<T extends WebrtcTask>(options: {
  task: T;
  limitMilliseconds: number;
  signal: AbortSignal;
}): Promise<WebrtcAnswer[T['kind']]> {
  const { task, limitMilliseconds, signal } = options;
  const ended = await run({
    command: process.execPath,
    // MB; the whole of a call fits.
    args: ['--min-semi-space-size=64', '--max-semi-space-size=64', ...program()],
    environment: environmentWithoutProxies(process.env),
    // Tokens are redacted wherever they are.
    secrets: task.kind === 'hear' && task.relay ? [new Secret(task.relay.password)] : [],
    input: JSON.stringify(task),
    limitMilliseconds,
    signal,
  });
  const answer = ended.stdout.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
  // One that ended badly after it had answered has answered.
  if (!answer.startsWith('{'))
    throw new Error(`the WebRTC client ${describeEnd(ended)} ${ended.tail.join(' ')}`.trim());
  return JSON.parse(answer) as WebrtcAnswer[T['kind']];
}

/** The words after `node`: a part of the bundle, or the file. */
function program(): readonly string[] {
  const filename = import.meta.filename;
  return filename.endsWith('.cjs')
    ? [join(dirname(filename), '../bin/start.cjs'), '--part', 'webrtc']
    : [join(dirname(filename), 'main.ts')];
}
