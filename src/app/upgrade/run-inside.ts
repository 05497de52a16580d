import { PassThrough, Writable } from 'node:stream';
import { failed } from '../../core/errors.ts';
import { splitLines } from '../../core/lines.ts';
import type { EngineConnection } from '../../platform/docker/connection.ts';

/**
 * Runs a program in a container to its end.
 *
 * @throws ArcError `upgrade-failed` with what it says where it fails
 */
export async function runInside(options: {
  connection: EngineConnection;
  name: string;
  command: readonly string[];
  /** What it is for: `keep clients from writing`. */
  purpose: string;
}): Promise<void> {
  const { connection, name, command, purpose } = options;
  const said: string[] = [];
  const stdin = new PassThrough();
  stdin.end();
  const lines = splitLines((line) => void said.push(line));
  const sink = (push: (chunk: Buffer) => void): Writable =>
    new Writable({
      write: (chunk: Buffer, _, done) => {
        push(chunk);
        done();
      },
    });
  const status = await connection.exec({
    name,
    command,
    streams: { stdin, stdout: sink(() => {}), stderr: sink(lines.push) },
  });
  lines.end();
  if (status === 0) return;
  throw failed({
    code: 'upgrade-failed',
    message: `${name} could not ${purpose}: \`${command[0]}\` ended with status ${status}.`,
    detail: said,
  });
}
