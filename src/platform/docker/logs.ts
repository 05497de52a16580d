import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { defined } from '../../core/defined.ts';
import { call } from './call.ts';
import { logLines } from './log-frames.ts';

export type LogRequest = {
  /** Name of the container. */
  name: string;
  follow: boolean;
  /** Only lines since then; seconds since 1970. */
  since?: number;
  /** Only the last so many lines. */
  tail?: number;
};

/** `time` is the Engine's, in ISO 8601. */
export type TimedLogLine = { stream: 'stdout' | 'stderr'; line: string; time: string };

/**
 * Reads a container's log or, if it follows the log, continues until the container ends or `signal` is aborted.
 *
 * @throws ArcError if the Engine refuses
 */
export async function readLogs(options: {
  docker: Docker;
  request: LogRequest;
  onLine: (line: TimedLogLine) => void;
  signal: AbortSignal;
}): Promise<void> {
  const { docker, request, onLine, signal } = options;
  const reader = logLines(({ stream, line }) => onLine({ stream, ...splitTime(line) }));
  const output = await call({
    request: { verb: 'read', object: `the log of ${request.name}` },
    run: (): Promise<Buffer | NodeJS.ReadableStream> => {
      const wanted = {
        stdout: true,
        stderr: true,
        timestamps: true,
        ...defined({ since: request.since, tail: request.tail }),
      };
      const container = docker.getContainer(request.name);
      return request.follow
        ? container.logs({ ...wanted, follow: true })
        : container.logs({ ...wanted, follow: false });
    },
  });
  if (Buffer.isBuffer(output)) {
    reader.push(output);
    reader.end();
    return;
  }
  signal.addEventListener('abort', () => output instanceof Readable && output.destroy(), { once: true });
  try {
    for await (const chunk of output) reader.push(Buffer.from(chunk));
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  reader.end();
}

/** The Engine puts the time in front of each line. */
function splitTime(text: string): { line: string; time: string } {
  const at = text.indexOf(' ');
  return at === -1 ? { line: '', time: text } : { line: text.slice(at + 1), time: text.slice(0, at) };
}
