import { setTimeout as sleep } from 'node:timers/promises';
import type { Failure } from './recording.ts';
import { isRefused, wordsOf } from './refused.ts';
import type { Uploaded, uploadFile } from './upload.ts';

/** How long an upload is tried again before it counts as failed. The file is kept then. Milliseconds. */
export const uploadLimit = 5 * 60_000;
/** Between attempts at an upload, at first and at most. Milliseconds. */
const pauses = { first: 1_000, longest: 10_000 };

/** Why something was not sent; with `isRefused` it was no use to try again. */
export type NotSent = { failed: string; isRefused: boolean };

/** S3's library takes a part of the worker's start, and most starts send nothing. */
const loadUpload = () => import('./upload.ts');

/**
 * Sends a file, again and again where the storage is away, and once where it refuses.
 *
 * @param options.limit milliseconds until it counts as failed
 */
export async function sendFile(
  options: Parameters<typeof uploadFile>[0] & { limit?: number },
): Promise<Uploaded | NotSent> {
  const end = performance.now() + (options.limit ?? uploadLimit);
  for (let pause = pauses.first; ; pause = Math.min(pause * 2, pauses.longest)) {
    try {
      return await (await loadUpload()).uploadFile(options);
    } catch (cause) {
      const refused = isRefused(cause);
      if (refused || options.signal.aborted || performance.now() + pause > end)
        return { failed: wordsOf(cause), isRefused: refused };
    }
    await sleep(pause, undefined, { signal: options.signal }).catch(() => {});
  }
}

/** What the API says of it. @param kept what is kept, and where */
export const uploadFailure = ({ failed, isRefused }: NotSent, kept: string): Failure => ({
  code: isRefused ? 'invalid_argument' : 'unavailable',
  reason: `S3 upload failed: ${failed}; ${kept}`,
});
