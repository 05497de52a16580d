import { type Check, type Finding, missing, ok, skipped, warning } from '../check.ts';
import { engineOf, type Situation, stackOf } from '../situation.ts';
import { formatSize } from '../size.ts';

const gigabyte = 1024 ** 3;
/** Less than this and nothing can be built: the largest base with its wrapper takes about 0.5 GB (MinIO on Debian). */
const leastForEngine = gigabyte;
/** Generated files and a lock. */
const leastForWorkspace = 16 * 1024 ** 2;

export const diskCheck: Check = {
  id: 'disk',
  examine: async (situation) => [...engineDisk(situation), ...workspaceDisk(situation)],
};

function engineDisk(situation: Situation): readonly Finding[] {
  const engine = engineOf(situation);
  if (engine && !engine.sameKernel) return skipped('disk of the Docker Engine: not on this machine');
  const { dataRoot, imageRoot } = engine ?? { dataRoot: '/var/lib/docker', imageRoot: '/var/lib/docker' };
  if (imageRoot === dataRoot) return imageDisk({ situation, folder: dataRoot, keeps: 'images and data' });
  return [
    ...imageDisk({ situation, folder: imageRoot, keeps: 'images' }),
    ...fullDisk({ situation, folder: dataRoot, keeps: 'data', least: leastForEngine }),
  ];
}

type Place = {
  situation: Situation;
  folder: string;
  /** What the Engine stores there. */
  keeps: string;
};

/** Room for the images of the profile: the first boot takes nearly all that a profile needs for them. */
function imageDisk(place: Place): readonly Finding[] {
  const { situation, folder } = place;
  const free = situation.machine.freeDisk(folder);
  if (free === undefined) return skipped(`disk of the Docker Engine: arc may not read ${folder}`);
  const profile = stackOf(situation)?.profile;
  const needed = profile?.needs.disk;
  const full = fullDisk({ ...place, least: Math.min(leastForEngine, needed ?? leastForEngine) });
  if (full.length > 0) return full;
  if (profile && needed !== undefined && free < needed) {
    return warning({
      code: 'disk-low',
      message: `The profile ${profile.name} takes up to ${formatSize(needed)}, and only ${formatSize(free)} is free in ${folder}.`,
      suggestion: 'enough if the Engine already has its images; docker system prune removes what is unused',
    });
  }
  const need = profile && needed !== undefined ? ` (${profile.name} needs ${formatSize(needed)})` : '';
  return ok(`${formatSize(free)} free in ${folder}${need}`);
}

function fullDisk(options: Place & { least: number }): readonly Finding[] {
  const { situation, folder, keeps, least } = options;
  const free = situation.machine.freeDisk(folder);
  if (free === undefined || free >= least) return [];
  return missing({
    code: 'disk-full',
    message: `Only ${formatSize(free)} is free in ${folder}, where the Docker Engine keeps ${keeps}.`,
    suggestion:
      'free some: docker system df shows what takes space, docker system prune removes what is unused',
  });
}

function workspaceDisk(situation: Situation): readonly Finding[] {
  const { workspace } = situation;
  if (workspace === undefined || workspace instanceof Error) return [];
  const free = situation.machine.freeDisk(workspace.root);
  if (free === undefined || free >= leastForWorkspace) return [];
  return missing({
    code: 'disk-full',
    message: `Only ${formatSize(free)} is free where the workspace is (${workspace.root}).`,
    suggestion: 'free some space there',
  });
}
