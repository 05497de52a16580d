import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { FromRecorder, Recording, StreamOrder, ToRecorder } from './recording.ts';

/** What is told while it runs. */
type JobNews = Extract<FromRecorder, { kind: 'active' | 'segment' | 'stream' }>;
export type JobEnd = Exclude<FromRecorder, JobNews>;

/** The process of one recording. */
export type Job = {
  ended: Promise<JobEnd>;
  /** It ends in order, with a file that is whole. */
  stop: () => void;
  addStreams: (streams: readonly StreamOrder[]) => void;
  removeStreams: (ids: readonly string[]) => void;
};

/** Until a process that was told to end is killed: the encoder has what is left to encode. Milliseconds. */
const endLimit = 30_000;

/** @param options.told first that there is something in the recording, and then what becomes of it */
export function startJob(options: { recording: Recording; told: (message: JobNews) => void }): Job {
  const { recording, told } = options;
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
    if (message.kind === 'finished' || message.kind === 'failed') said = message;
    else told(message);
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
    addStreams: (streams) => {
      if (streams.length > 0) say({ kind: 'add-streams', streams });
    },
    removeStreams: (ids) => {
      if (ids.length > 0) say({ kind: 'remove-streams', ids });
    },
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
