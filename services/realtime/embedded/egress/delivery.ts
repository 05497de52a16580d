import { setTimeout as sleep } from 'node:timers/promises';
import { type Uploaded, uploadFile } from './upload.ts';

/** How long an upload is tried again before it counts as failed. The file is kept then. Milliseconds. */
export const uploadLimit = 5 * 60_000;
/** Between attempts at an upload, at first and at most. Milliseconds. */
const pauses = { first: 1_000, longest: 10_000 };

/**
 * Sends a file, again and again where the storage is away.
 *
 * @param options.limit milliseconds until it counts as failed
 */
export async function sendFile(
  options: Parameters<typeof uploadFile>[0] & { limit?: number },
): Promise<Uploaded | { failed: string }> {
  const end = performance.now() + (options.limit ?? uploadLimit);
  for (let pause = pauses.first; ; pause = Math.min(pause * 2, pauses.longest)) {
    try {
      return await uploadFile(options);
    } catch (cause) {
      if (options.signal.aborted || performance.now() + pause > end) return { failed: wordsOf(cause) };
    }
    await sleep(pause, undefined, { signal: options.signal }).catch(() => {});
  }
}

/** AWS's errors have a name where others have words. */
function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message && cause.message !== 'UnknownError' ? cause.message : cause.name;
}
