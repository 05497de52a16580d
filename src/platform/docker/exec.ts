import type { Duplex, Readable, Writable } from 'node:stream';
import type Docker from 'dockerode';
import { call } from './call.ts';

/** The streams of the program in the container. */
export type ExecStreams = {
  stdin: Readable & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown };
  stdout: Writable & { isTTY?: boolean; columns?: number; rows?: number };
  stderr: Writable;
};

/**
 * Runs a program in a running container, on a terminal where standard input and output are one.
 *
 * @returns its exit status
 * @throws ArcError if there is no such container, or it does not run
 */
export async function execIn(options: {
  docker: Docker;
  name: string;
  command: readonly string[];
  /** Variables beside those of the container. */
  environment?: Readonly<Record<string, string>>;
  streams: ExecStreams;
}): Promise<number> {
  const { docker, name, command, environment = {}, streams } = options;
  const tty = streams.stdin.isTTY === true && streams.stdout.isTTY === true;
  const request = { verb: 'run', object: `a program in ${name}` };
  const exec = await call({
    request,
    run: () =>
      docker.getContainer(name).exec({
        Cmd: [...command],
        Env: Object.entries(environment).map(([variable, value]) => `${variable}=${value}`),
        AttachStdin: true,
        AttachStdout: true,
        AttachStderr: true,
        Tty: tty,
      }),
  });
  const connection: Duplex = await call({
    request,
    run: () => exec.start({ hijack: true, stdin: true, Tty: tty }),
  });
  const restore = tty ? await useTerminal({ exec, streams }) : () => {};
  try {
    if (tty) connection.pipe(streams.stdout, { end: false });
    else docker.modem.demuxStream(connection, streams.stdout, streams.stderr);
    streams.stdin.pipe(connection);
    await new Promise<void>((resolve, reject) => {
      connection.once('end', resolve);
      connection.once('close', resolve);
      connection.once('error', reject);
    });
  } finally {
    restore();
    streams.stdin.unpipe(connection);
    connection.destroy();
  }
  const { ExitCode } = await call({ request, run: () => exec.inspect() });
  return ExitCode ?? 1;
}

/** Passes keys on unchanged, and tells the program the size of the terminal. */
async function useTerminal(options: { exec: Docker.Exec; streams: ExecStreams }): Promise<() => void> {
  const { exec, streams } = options;
  const { stdin, stdout } = streams;
  const resize = (): void => {
    // A program that has just ended cannot be resized, and need not be.
    void exec.resize({ h: stdout.rows ?? 24, w: stdout.columns ?? 80 }).catch(() => undefined);
  };
  stdin.setRawMode?.(true);
  stdout.on('resize', resize);
  resize();
  return () => {
    stdin.setRawMode?.(false);
    stdout.off('resize', resize);
  };
}
