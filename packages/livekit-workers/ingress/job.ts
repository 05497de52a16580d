import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import type { FromPublisher, Publication, Publishing, ToPublisher } from './publication.ts';

/** How a stream's process ended: with a reason, or because the stream was over. What has `lost` its room can come again. */
export type JobEnd = { failed?: string; lost?: boolean };

/** The process of one stream. */
export type Job = {
  /** Takes a stream that is pushed, as an FLV file; its end is the stream's. */
  input: Writable;
  ended: Promise<JobEnd>;
  /** Leaves the room at once; resolves when the process is gone. */
  stop: () => Promise<void>;
};

/** Until a process that was told to leave is killed. Milliseconds. */
const leaveLimit = 3_000;

/** @param options.published called once, when the tracks are there */
export function startJob(options: {
  publication: Publication;
  published: (message: Publishing) => void;
}): Job {
  const { publication, published } = options;
  const child = fork(join(import.meta.dirname, 'publisher.ts'), [], {
    stdio: ['pipe', 'ignore', 'inherit', 'ipc'],
    env: environment(),
  });
  const input = child.stdin;
  if (!input) throw new Error('a process without standard input');
  // The decoder may end before the encoder does; what is written then is lost anyway.
  input.on('error', () => {});

  let failed: string | undefined;
  let lost = false;
  const say = (message: ToPublisher): void => {
    if (child.connected) child.send(message, () => {});
  };
  child.on('message', (message: FromPublisher) => {
    if (message.kind === 'publishing') published(message);
    else {
      failed = message.reason;
      lost = message.kind === 'lost';
    }
  });
  const ended = new Promise<JobEnd>((resolve) => {
    child.on('error', (cause) =>
      resolve({ failed: `The stream's process could not be started: ${cause.message}` }),
    );
    child.on('exit', (code, signal) => {
      const crashed =
        code === 0 || failed ? failed : `The stream's process ended unexpectedly (${signal ?? code}).`;
      resolve(crashed ? { failed: crashed, lost } : {});
    });
  });
  say({ kind: 'start', publication });
  return {
    input,
    ended,
    stop: async () => {
      say({ kind: 'stop' });
      const kill = setTimeout(() => child.kill('SIGKILL'), leaveLimit);
      await ended;
      clearTimeout(kill);
    },
  };
}

/** Without the configuration: a process that decodes what strangers send needs no secret but its own token. */
function environment(): NodeJS.ProcessEnv {
  const { INGRESS_CONFIG_BODY: _body, INGRESS_CONFIG_FILE: _file, ...rest } = process.env;
  // WebRTC's library would log each connection otherwise.
  return { RUST_LOG: 'error', ...rest };
}
