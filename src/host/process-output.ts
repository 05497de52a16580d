import type { Readable } from 'node:stream';
import { splitLines } from '../core/lines.ts';
import { redact, type Secret } from '../core/secret.ts';

/** As many of a program's last lines as are kept. */
const tailLines = 12;

/** The output of a program. */
export type ProcessOutput = {
  /** Byte for byte, including secrets; empty if `onLine` took the lines. */
  stdout: Buffer;
  /** Text for people, without secrets; empty where `onLine` took the lines. */
  stderr: string;
  /** Its last meaningful lines, without secrets: of standard error, or of both streams with `onLine`. */
  tail: readonly string[];
};

type Taker = ReturnType<typeof splitLines>;

/**
 * Reads both streams of a program to their ends. The one place where what a program writes loses its secrets.
 *
 * @param options.onHeard called whenever something comes
 * @throws what `onLine` threw first, when all is read
 */
export async function readOutput(options: {
  stdout: Readable;
  stderr: Readable;
  secrets: readonly Secret[];
  onLine: ((line: string) => void) | undefined;
  tells: ((line: string) => boolean) | undefined;
  onHeard: () => void;
}): Promise<ProcessOutput> {
  const { secrets, onLine, tells = () => true, onHeard } = options;
  const stdout: Buffer[] = [];
  const stderr: string[] = [];
  const tail: string[] = [];
  let broken: { cause: unknown } | undefined;
  const take = (written: string): void => {
    const line = redact(written, secrets);
    if (line.trim() !== '' && tells(line)) tail.push(line.trimEnd());
    if (tail.length > tailLines) tail.shift();
    if (onLine === undefined) {
      stderr.push(line);
      return;
    }
    try {
      onLine(line);
    } catch (cause) {
      // Keeps reading, because a program whose output nobody reads does not end.
      broken ??= { cause };
    }
  };
  const read = async (stream: Readable, taker: Taker): Promise<void> => {
    for await (const chunk of stream) {
      onHeard();
      taker.push(chunk as Buffer);
    }
    taker.end();
  };
  const bytes: Taker = { push: (chunk) => void stdout.push(chunk), end: () => {} };
  // A stream that breaks off has given what there was.
  await Promise.allSettled([
    read(options.stdout, onLine === undefined ? bytes : splitLines(take)),
    read(options.stderr, splitLines(take)),
  ]);
  if (broken) throw broken.cause;
  return { stdout: Buffer.concat(stdout), stderr: stderr.join('\n').trim(), tail };
}
