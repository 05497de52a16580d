import { posix } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { Secret } from '../../core/secret.ts';

/** A config file of a container: its path and its contents. */
export type ConfigFile = { target: string; content: Secret | Uint8Array };

/** Folder in the volume. Only root can enter it: a mounted file needs no access to the folders above it. */
const folder = 'config';

/** Where in a volume the file is that a container has at `target`. */
export function pathInVolume(target: string): string {
  return posix.join(folder, posix.normalize(target));
}

/**
 * Config files as a tar archive for the root of their volume. Every user of the container may read them, as with those
 * that arc writes on disk (0644); on the Engine's machine only root gets as far as to them.
 */
export function configArchive(files: readonly ConfigFile[]): Promise<Buffer> {
  const archive = pack();
  const modified = new Date(0);
  for (const name of foldersOf(files)) {
    archive.entry({ name, type: 'directory', mode: 0o700, uid: 0, gid: 0, mtime: modified });
  }
  for (const { target, content } of files) {
    const name = pathInVolume(target);
    archive.entry({ name, mode: 0o444, uid: 0, gid: 0, mtime: modified }, bytesOf(content));
  }
  archive.finalize();
  return buffer(archive);
}

function bytesOf(content: ConfigFile['content']): string | Buffer {
  return content instanceof Secret ? content.reveal() : Buffer.from(content);
}

/** Every folder above the files, each after the one that it is in. */
function foldersOf(files: readonly ConfigFile[]): readonly string[] {
  const found = new Set<string>();
  for (const { target } of files) {
    const parts = pathInVolume(target).split('/').slice(0, -1);
    for (const [index] of parts.entries()) found.add(parts.slice(0, index + 1).join('/'));
  }
  return [...found].sort();
}
