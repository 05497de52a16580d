import { splitLines } from '../../core/lines.ts';

/** One line of a container's output. */
export type LogLine = { stream: 'stdout' | 'stderr'; line: string };

/**
 * Takes apart the Engine's multiplexed output (a header of 8 bytes before each piece: stream, three zeros, length;
 * Engine API, "Attach to a container") into whole lines. Pieces and lines may be split anywhere.
 */
export function logLines(onLine: (line: LogLine) => void): {
  push: (chunk: Buffer) => void;
  end: () => void;
} {
  let pending: Buffer = Buffer.alloc(0);
  const splitters = {
    stdout: splitLines((line) => onLine({ stream: 'stdout', line })),
    stderr: splitLines((line) => onLine({ stream: 'stderr', line })),
  };
  return {
    push: (chunk) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      let at = 0;
      while (pending.length - at >= 8) {
        const end = at + 8 + pending.readUInt32BE(at + 4);
        if (pending.length < end) break;
        splitters[pending[at] === 2 ? 'stderr' : 'stdout'].push(pending.subarray(at + 8, end));
        at = end;
      }
      pending = pending.subarray(at);
    },
    end: () => {
      splitters.stdout.end();
      splitters.stderr.end();
    },
  };
}
