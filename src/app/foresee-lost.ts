import { findCacheDirectory } from '../host/home.ts';
import { foreseeBase } from '../images/foresee.ts';
import { namesOfBase } from '../images/present-base.ts';
import type { DescribedContainer, Stack } from '../stack/model.ts';
import { askRegistries } from './ask-registries.ts';
import type { Context } from './context.ts';
import { imageRequests } from './image-requests.ts';
import type { ImageOptions } from './request.ts';
import type { Place } from './session.ts';

/**
 * The images of containers that a flavour leaves out if nothing can be had of them, as far as that is certain before
 * anything is fetched: nothing of them is on the Engine, no recipe makes them, and no registry answers. So a plan does
 * not promise what no boot can keep. Asks nobody where no container has such a flavour.
 */
export async function foreseeLost(options: {
  context: Pick<Context, 'environment'>;
  place: Pick<Place, 'root' | 'connection' | 'manifests' | 'imagesLock'>;
  request: ImageOptions;
  stack: Stack;
}): Promise<ReadonlySet<string>> {
  const { context, place, request, stack } = options;
  const { workspace } = place.manifests;
  const cacheDirectory = findCacheDirectory(context.environment);
  const answers = askRegistries(workspace);
  const isLost = async (container: Pick<DescribedContainer, 'role' | 'image'>): Promise<boolean> => {
    const [wanted] = await imageRequests({
      containers: [container],
      ...{ root: place.root, workspace, bases: request.bases, lock: place.imagesLock },
    });
    if (wanted === undefined || (wanted.recipe !== undefined && wanted.policy !== 'registry')) return false;
    const { image, locked } = wanted;
    const names = [
      image.reference,
      ...namesOfBase({ upstream: image.upstream, mirrors: workspace.mirrors, locked }),
    ];
    const observed = await place.connection.images.observe(names);
    if (names.some((name) => observed(name) !== undefined)) return false;
    const offline = request.offline === true;
    return (await foreseeBase({ request: wanted, offline, cacheDirectory, answers })) === 'lost';
  };
  const lost = await Promise.all(
    stack.containers
      .filter(({ absence }) => absence !== undefined)
      .map(async ({ role, image, alternatives = [] }) => {
        const images = [image, ...alternatives.map((one) => one.image)];
        const all = await Promise.all(images.map((one) => isLost({ role, image: one })));
        return all.every(Boolean) ? images.map(({ reference }) => reference) : [];
      }),
  );
  return new Set(lost.flat());
}
