import { failed, type Problem } from '../../core/errors.ts';
import type { ResolvedContainer } from '../../stack/model.ts';
import type { Engine } from './engine.ts';
import type { Ownership } from './tar-owners.ts';

/**
 * Checks whether a container can use its data: a restored volume, or one written by another image, often belongs to
 * another user. Asks the Engine, because the files may be on another machine or unreadable for this user.
 *
 * @param options.container one that the Engine has, running or not
 * @param options.look `folder` judges the folder that is mounted alone: what is in it may be nothing to the container,
 *   such as lost+found. `contents` also looks for the file that made a container fail
 * @returns undefined if it can, or where the Engine does not say
 */
export async function dataProblem(options: {
  engine: Pick<Engine, 'listOwners'>;
  container: Pick<ResolvedContainer, 'name' | 'role' | 'user' | 'volumes'>;
  look: 'folder' | 'contents';
}): Promise<Problem | undefined> {
  const { engine, container, look } = options;
  for (const { volume, target } of container.volumes) {
    const owners = await engine.listOwners({ name: container.name, path: target }).catch(() => []);
    const judged = look === 'folder' ? owners.slice(0, 1) : owners;
    const closed = judged.find((owner) => !mayWrite({ owner, user: container.user }));
    if (closed !== undefined) return foreignData({ container, volume, target, closed });
  }
  return undefined;
}

/** @throws ArcError `data-owner` before the container is started, which it could only fail at */
export async function refuseForeignData(
  options: Omit<Parameters<typeof dataProblem>[0], 'look'>,
): Promise<void> {
  const problem = await dataProblem({ ...options, look: 'folder' });
  if (problem !== undefined) throw failed(problem);
}

function foreignData(options: {
  container: Pick<ResolvedContainer, 'name' | 'role' | 'user'>;
  volume: string;
  target: string;
  closed: Ownership;
}): Problem {
  const { container, volume, target, closed } = options;
  const { uid, gid, mode, path } = closed;
  const inside = path.replace(/^[^/]*\/?/, '').replace(/\/$/, '');
  return {
    code: 'data-owner',
    message: `The data in ${volume} belongs to ${uid}:${gid}, and ${container.name} runs as ${container.user}, which may not write to it.`,
    detail: [`${inside === '' ? target : `${target}/${inside}`} has mode 0${mode.toString(8)}`],
    suggestion: `sudo chown -R ${container.user} "$(docker volume inspect --format '{{.Mountpoint}}' ${volume})", then arc up ${container.role}`,
  };
}

function mayWrite(options: { owner: Ownership; user: string }): boolean {
  const { uid, gid, mode } = options.owner;
  const [user, group] = options.user.split(':').map(Number);
  if (user === 0 || user === uid) return true;
  if (group === gid) return (mode & 0o020) !== 0;
  return (mode & 0o002) !== 0;
}
