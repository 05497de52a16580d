import { chmodSync, type Stats, statSync } from 'node:fs';
import { failed, type Problem } from '../core/errors.ts';
import { pathsBelow } from '../stack/folders.ts';
import type { BootableStack, ResolvedContainer } from '../stack/model.ts';
import { inside, isAbsent, reason } from './files.ts';

/** A config file that its container's user may not read, most often because it was cloned with a umask of 077. */
export type ClosedMount = {
  path: string;
  container: string;
  user: string;
  mode: number;
  /** With which its user could. */
  opened: number;
};

/**
 * The config files on disk that containers could not read. A mount keeps a file's owner and mode. The folders above it
 * do not count, because the Engine opens the file.
 *
 * @param options.root absolute path of the workspace
 */
export function closedMounts(options: {
  root: string;
  stack: Pick<BootableStack, 'containers'>;
}): readonly ClosedMount[] {
  const { root, stack } = options;
  const closed = stack.containers.flatMap((container) =>
    mountedPaths(container).flatMap((path): ClosedMount[] => {
      const stats = statIfThere(inside(root, path));
      if (stats === undefined || mayRead({ stats, container })) return [];
      const mode = stats.mode & 0o777;
      return [
        { path, container: container.name, user: container.user, mode, opened: mode | openMode(stats) },
      ];
    }),
  );
  return [...new Map(closed.map((mount) => [mount.path, mount])).values()];
}

function mountedPaths({ config, folders }: ResolvedContainer): readonly string[] {
  return [...config.map(({ file }) => file), ...folders.flatMap(pathsBelow)];
}

/**
 * Gives files and folders the modes with which arc creates them, 0644 and 0755: git stores only whether a file is
 * executable.
 *
 * @returns a warning for each
 * @throws ArcError `mount-unreadable` for one that belongs to somebody else
 */
export function openMounts(options: { root: string; closed: readonly ClosedMount[] }): readonly Problem[] {
  return options.closed.map((mount) => {
    const { path } = mount;
    try {
      chmodSync(inside(options.root, path), mount.opened);
    } catch (error) {
      throw failed(
        {
          code: 'mount-unreadable',
          message: `${describeClosed(mount)}, and it could not be opened: ${reason(error)}.`,
          suggestion: `as its owner: chmod ${octal(mount.opened)} ${path}`,
        },
        error,
      );
    }
    return {
      code: 'mount-unreadable',
      message: `${describeClosed(mount)}; it has mode ${octal(mount.opened)} now.`,
      suggestion: 'the umask of whoever cloned the workspace is too strict for files that containers read',
    };
  });
}

/** `services/cache/redis.conf has mode 0600, so user 65532:65532 of arc-cache cannot read it` */
export function describeClosed({ path, container, user, mode }: Omit<ClosedMount, 'opened'>): string {
  return `${path} has mode ${octal(mode)}, so user ${user} of ${container} cannot read it`;
}

function mayRead(options: { stats: Stats; container: Pick<ResolvedContainer, 'user'> }): boolean {
  const { stats } = options;
  const [user, group] = options.container.user.split(':').map(Number);
  if (user === 0) return true;
  const wanted = openMode(stats);
  const who = user === stats.uid ? 0o700 : group === stats.gid ? 0o070 : 0o007;
  return (stats.mode & wanted & who) === (wanted & who);
}

/** The bits that let everybody read a file, or enter a folder. */
function openMode(stats: Pick<Stats, 'isDirectory'>): number {
  return stats.isDirectory() ? 0o555 : 0o444;
}

function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw failed({ code: 'cannot-read', message: `${path} could not be read: ${reason(error)}.` }, error);
  }
}

function octal(mode: number): string {
  return `0${mode.toString(8)}`;
}
