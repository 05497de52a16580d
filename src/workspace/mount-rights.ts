import { chmodSync, type Stats, statSync } from 'node:fs';
import { failed, type Problem } from '../core/errors.ts';
import type { ResolvedContainer, ResolvedStack } from '../stack/model.ts';
import { inside, isAbsent, reason } from './files.ts';

/** A config file that its container's user may not read, most often because it was cloned with a umask of 077. */
export type ClosedMount = { path: string; container: string; user: string; mode: number };

/**
 * The config files on disk that containers could not read. A mount shows the file as it is, with the owner and the mode
 * that it has here; the folders above it do not count, because the Engine opens it.
 *
 * @param options.root absolute path of the workspace
 */
export function closedMounts(options: {
  root: string;
  stack: Pick<ResolvedStack, 'containers'>;
}): readonly ClosedMount[] {
  const { root, stack } = options;
  const closed = stack.containers.flatMap((container) =>
    container.config.flatMap(({ file }): ClosedMount[] => {
      const stats = statIfThere(inside(root, file));
      if (stats === undefined || mayRead({ stats, container })) return [];
      return [{ path: file, container: container.name, user: container.user, mode: stats.mode & 0o777 }];
    }),
  );
  return [...new Map(closed.map((mount) => [mount.path, mount])).values()];
}

/**
 * Gives them the mode with which arc writes such files, 0644: git keeps no more of a mode than whether a file can be run.
 *
 * @returns a warning for each
 * @throws ArcError `mount-unreadable` for one that belongs to somebody else
 */
export function openMounts(options: { root: string; closed: readonly ClosedMount[] }): readonly Problem[] {
  return options.closed.map((mount) => {
    const { path } = mount;
    try {
      chmodSync(inside(options.root, path), mount.mode | 0o444);
    } catch (error) {
      throw failed(
        {
          code: 'mount-unreadable',
          message: `${describeClosed(mount)}, and it could not be opened: ${reason(error)}.`,
          suggestion: `as its owner: chmod a+r ${path}`,
        },
        error,
      );
    }
    return {
      code: 'mount-unreadable',
      message: `${describeClosed(mount)}; it has mode ${octal(mount.mode | 0o444)} now.`,
      suggestion: 'the umask of whoever cloned the workspace is too strict for files that containers read',
    };
  });
}

/** `services/cache/redis.conf has mode 0600, so user 65532:65532 of arc-cache cannot read it` */
export function describeClosed({ path, container, user, mode }: ClosedMount): string {
  return `${path} has mode ${octal(mode)}, so user ${user} of ${container} cannot read it`;
}

function mayRead(options: { stats: Stats; container: Pick<ResolvedContainer, 'user'> }): boolean {
  const { stats } = options;
  const [user, group] = options.container.user.split(':').map(Number);
  if (user === 0) return true;
  if (user === stats.uid) return (stats.mode & 0o400) !== 0;
  if (group === stats.gid) return (stats.mode & 0o040) !== 0;
  return (stats.mode & 0o004) !== 0;
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
