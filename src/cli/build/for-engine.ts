import { imageRequest } from '../../app/image-requests.ts';
import { imagesContext } from '../../app/obtain-images.ts';
import { sourceLabels } from '../../images/builder/build-labels.ts';
import { notLocked } from '../../images/builder/pin-bases.ts';
import { failWithout } from '../../images/missing.ts';
import { buildImages } from '../../images/provide.ts';
import type { EngineConnection } from '../../platform/docker/connection.ts';
import type { Built, Commission } from './commission.ts';

/**
 * Builds images on the Engine, from bases as `arc up` gets them.
 *
 * @throws ArcError (exit status 1) with a problem for each that cannot be built
 */
export async function buildForEngine(
  commission: Commission & { connection: EngineConnection; platform: string },
): Promise<readonly Built[]> {
  const { options, cli, connection, images, lock, source, platform } = commission;
  const { workspace } = commission.workspace.manifests;
  const { root } = commission.workspace;
  const requests = await Promise.all(
    images.map(({ role, image }) =>
      imageRequest({ role, image, root, workspace, bases: options.bases, lock }),
    ),
  );
  const { ready, missing } = await buildImages({
    ...imagesContext({ context: cli, connection, workspace, request: options, yes: options.yes === true }),
    requests,
    refresh: false,
    labels: sourceLabels({ source }),
  });
  failWithout(missing);
  // A base from a recipe is not a registry's image, and the answer says so.
  const open = ready.filter(
    ({ role, base }) =>
      base.source !== 'local' && requests.find((request) => request.role === role)?.locked === undefined,
  );
  for (const reference of new Set(open.map(({ base }) => base.reference))) {
    cli.emit({ type: 'warning', problem: notLocked(reference) });
  }
  return ready.map(({ role, reference, imageId, base }) => ({
    role,
    image: reference,
    platforms: [platform],
    digest: imageId,
    base,
  }));
}
