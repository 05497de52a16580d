import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { FromRecorder, Recording, ToRecorder } from './recording.ts';

type Active = Extract<FromRecorder, { kind: 'active' }>;
export type JobEnd = Exclude<FromRecorder, Active>;

/** The process of one recording. */
export type Job = {
  ended: Promise<JobEnd>;
  /** It ends in order, with a file that is whole. */
  stop: () => void;
};

/** Until a process that was told to end is killed: the encoder has what is left to encode. Milliseconds. */
const endLimit = 30_000;

/** @param options.active called once, when there is something in the recording */
export function startJob(options: { recording: Recording; active: (message: Active) => void }): Job {
  const { recording, active } = options;
  const child = fork(join(import.meta.dirname, 'recorder.ts'), [], {
    // Nothing is said on its output: it is open until the encoder is gone too, which may outlive a process that is killed.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: environment(),
  });
  child.stdout?.resume();
  let said: JobEnd | undefined;
  const say = (message: ToRecorder): void => {
    if (child.connected) child.send(message, () => {});
  };
  child.on('message', (message: FromRecorder) => {
    if (message.kind === 'active') active(message);
    else said = message;
  });
  const ended = new Promise<JobEnd>((resolve) => {
    const failed = (reason: string): void =>
      resolve({ kind: 'failed', failure: { code: 'internal', reason } });
    child.on('error', (cause) => failed(`The recording's process could not be started: ${cause.message}`));
    child.on('close', (code, signal) => {
      if (said) resolve(said);
      else failed(`The recording's process ended unexpectedly (${signal ?? code}).`);
    });
  });
  say({ kind: 'start', recording });
  return {
    ended,
    stop: () => {
      say({ kind: 'stop' });
      const kill = setTimeout(() => child.kill('SIGKILL'), endLimit);
      void ended.then(() => clearTimeout(kill));
    },
  };
}

/** Without the configuration: the process needs no secret but its own token. */
function environment(): NodeJS.ProcessEnv {
  const { EGRESS_CONFIG_BODY: _body, EGRESS_CONFIG_FILE: _file, ...rest } = process.env;
  // WebRTC's library would log each connection otherwise.
  return { RUST_LOG: 'error', ...rest };
}
