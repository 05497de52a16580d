import { access, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where the worker alone was killed, the process of the recording is ending it just now. Milliseconds. */
const quietFor = 1_500;

/** Resolves when a file or folder does not change any more. */
export async function untilQuiet(path: string): Promise<void> {
  for (;;) {
    const before = await stat(path);
    await sleep(quietFor);
    const after = await stat(path);
    if (before.size === after.size && before.mtimeMs === after.mtimeMs) return;
  }
}

export const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
