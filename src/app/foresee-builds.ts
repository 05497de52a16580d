import { findCacheDirectory } from '../host/home.ts';
import type { BaseBuild } from '../images/context.ts';
import { foreseeBase } from '../images/foresee.ts';
import type { ImagesLock } from '../images/lock/model.ts';
import type { WorkspaceManifest } from '../manifest/model.ts';
import type { DescribedContainer, Stack } from '../stack/model.ts';
import { askRegistries } from './ask-registries.ts';
import { imageRequests } from './image-requests.ts';
import type { ImageOptions } from './request.ts';

/**
 * The bases of a stack that will have to be built here, on an Engine that is still to be installed: what is then
 * missing on this machine can be said, and installed, together with the Engine.
 */
export async function foreseeBuilds(options: {
  stack: Stack;
  root: string;
  workspace: WorkspaceManifest;
  lock: ImagesLock;
  request: ImageOptions;
  environment: Readonly<Record<string, string>>;
}): Promise<readonly BaseBuild[]> {
  const { stack, root, workspace, lock, request, environment } = options;
  const ask = askRegistries(workspace);
  const foresee = async ({
    role,
    image,
    alternatives = [],
  }: Pick<DescribedContainer, 'role' | 'image' | 'alternatives'>): Promise<readonly BaseBuild[]> => {
    const [wanted] = await imageRequests({
      containers: [{ role, image }],
      root,
      workspace,
      bases: request.bases,
      lock,
    });
    if (wanted === undefined) return [];
    const offline = request.offline === true;
    const cacheDirectory = findCacheDirectory(environment);
    const outcome = await foreseeBase({ request: wanted, offline, cacheDirectory, answers: ask });
    const [next, ...rest] = alternatives;
    if (outcome === 'lost' && next !== undefined) return foresee({ role, ...next, alternatives: rest });
    if (outcome !== 'to-build') return [];
    return [{ role: wanted.role, kinds: (wanted.recipe ?? []).map(({ kind }) => kind) }];
  };
  return (await Promise.all(stack.containers.map(foresee))).flat();
}
