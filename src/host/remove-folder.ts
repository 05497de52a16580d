import { existsSync, rmSync } from 'node:fs';

/** More than anything that ends at the same time removes of its own. */
const passes = 16;

/**
 * Removes a folder in which other programs that are ending remove their own files, such as `ssh` its socket.
 *
 * `rmSync` with `force` stops without an error where a file goes away under its hands, and leaves the folder: 392 of
 * 5,000 times where another thread removed the one file in it (Node.js 24). So it is asked again until it is gone.
 *
 * @throws the error of `rmSync` where the folder cannot be removed
 */
export function removeSharedFolder(folder: string): void {
  for (let pass = 0; pass < passes && existsSync(folder); pass += 1)
    rmSync(folder, { recursive: true, force: true });
}
