import { execFile } from 'node:child_process';

/** Reading a segment takes a moment; one that takes longer is none. Milliseconds. */
const limit = 30_000;

/** @returns how long a file plays, in seconds; 0 where it cannot be read */
export function lengthOf(file: string): Promise<number> {
  const reading = ['-v', 'error', '-nostdin', '-i', file, '-map', '0', '-c', 'copy', '-f', 'null'];
  return new Promise((resolve) => {
    execFile('ffmpeg', [...reading, '-progress', 'pipe:1', '-'], { timeout: limit }, (_, said) => {
      const times = [...said.matchAll(/^out_time_us=(\d+)$/gm)].map(([, time]) => Number(time));
      resolve((times.at(-1) ?? 0) / 1e6);
    });
  });
}
