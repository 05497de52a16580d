import { spawn } from 'node:child_process';
import { rename, rm, stat } from 'node:fs/promises';
import { finishArguments } from './encoder.ts';
import type { Container } from './recording.ts';
import { complaintOf } from './tape.ts';

/**
 * Makes the finished file out of the one that was written as it came. Where that cannot be done, for example because the disk is
 * full, the one that there is becomes it: it can be played, but players may not seek in it.
 *
 * @returns why it was not done, if so
 * @throws where there is no file
 */
export async function finishFile(options: {
  from: string;
  to: string;
  container: Container;
}): Promise<string | undefined> {
  const { from, to } = options;
  const written = await stat(from).catch(() => undefined);
  if (!written) throw new Error('Nothing was recorded.');
  const complaint = await remux(options);
  if (complaint === undefined) {
    await rm(from, { force: true });
    return undefined;
  }
  await rename(from, to);
  return complaint;
}

function remux(options: { from: string; to: string; container: Container }): Promise<string | undefined> {
  const child = spawn('ffmpeg', finishArguments(options), { stdio: ['ignore', 'ignore', 'pipe'] });
  const complaint = complaintOf(child);
  return new Promise((resolve) => {
    child.on('error', (cause) => resolve(cause.message));
    child.on('close', (code) => resolve(code === 0 ? undefined : complaint() || `ffmpeg ended with ${code}`));
  });
}
