import { type ImagesLock, lockedBase } from '../images/lock/model.ts';
import type { ImageRequest } from '../images/model.ts';
import { fixRecipe } from '../images/recipes/fixed-step.ts';
import { isMadeHere } from '../manifest/flavours.ts';
import type { BasePolicy, WorkspaceManifest } from '../manifest/model.ts';
import { dockerfileText } from '../render/dockerfile.ts';
import type { DescribedContainer, ResolvedImage } from '../stack/model.ts';

/** One request per container. A job runs an image of its service and has a request too. */
export function imageRequests(options: {
  containers: readonly Pick<DescribedContainer, 'role' | 'image'>[];
  root: string;
  workspace: WorkspaceManifest;
  bases: BasePolicy | undefined;
  lock: ImagesLock;
}): Promise<readonly ImageRequest[]> {
  return Promise.all(options.containers.map(({ role, image }) => imageRequest({ ...options, role, image })));
}

/**
 * @param options.root the workspace's, absolute: recipes take files of it
 * @param options.bases the policy of this run, before those of arc.yaml
 * @throws ArcError `recipe-folder`
 */
export async function imageRequest(options: {
  role: string;
  image: ResolvedImage;
  root: string;
  workspace: WorkspaceManifest;
  bases: BasePolicy | undefined;
  lock: ImagesLock;
}): Promise<ImageRequest> {
  const { role, root, workspace, bases, lock } = options;
  const { recipe, ...image } = options.image;
  const locked = lockedBase({ lock, upstream: image.upstream })?.digest;
  return {
    role,
    image,
    policy: isMadeHere(image.upstream)
      ? 'local'
      : (bases ?? workspace.base_overrides[role] ?? workspace.bases),
    dockerfile: dockerfileText(image),
    ...(recipe === undefined ? {} : { recipe: await fixRecipe({ recipe, root, folder: image.folder }) }),
    ...(locked === undefined ? {} : { locked }),
  };
}
