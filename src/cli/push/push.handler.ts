import { wantedImages } from '../../app/image-selection.ts';
import { withRegistry } from '../../app/open-registry.ts';
import { withEngine } from '../../app/session.ts';
import { ArcError, exitStatus } from '../../core/errors.ts';
import { pushFromEngine, readEngineImage } from '../../images/engine-push.ts';
import { type EngineImage, lossByPush } from '../../images/push-loss.ts';
import { parseReference, repositoryName } from '../../registry/reference.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Cli, Handler } from '../cli.ts';
import { checkTag } from '../image-tag.ts';
import { formatTable } from '../output/table.ts';

type PushOptions = { names: readonly string[]; version?: string; force?: boolean };

/** Pushes images that are on the Engine; none of them before it is known that no push takes something away. */
export const pushImages: Handler<PushOptions> = async (options, cli) => {
  const { names, version, force = false } = options;
  const tag = version === undefined ? undefined : checkTag(version);
  const wanted = wantedImages({ workspace: await loadWorkspace({ cwd: cli.cwd }), names });
  const images = wanted.map(({ role, image }) => ({
    role,
    reference:
      tag === undefined ? image.reference : `${repositoryName(parseReference(image.reference))}:${tag}`,
    remedy: tag === undefined ? `arc build ${role}` : `arc tag ${role} ${tag}`,
  }));
  const { environment, emit, signal } = cli;
  const pushed = await withEngine({
    context: cli,
    use: async (_, { images: engineImages }) => {
      const there = await Promise.all(
        images.map(async ({ role, reference, remedy }) => ({
          name: role,
          reference,
          image: await readEngineImage({ engineImages, reference, remedy }),
        })),
      );
      await refuseLosses({ cli, images: there, force });
      const done: { role: string; reference: string; digest: string | undefined }[] = [];
      // One after the other: an Engine already pushes five layers in parallel.
      for (const { role, reference } of images) {
        done.push({
          role,
          ...(await pushFromEngine({ engineImages, role, reference, environment, emit, signal })),
        });
      }
      return done;
    },
  });
  cli.result({
    data: { images: pushed },
    text: () =>
      formatTable({
        headings: ['CONTAINER', 'IMAGE', 'DIGEST'],
        rows: pushed.map(({ role, reference, digest = '' }) => [role, reference, digest]),
        columns: cli.columns,
      }),
  });
  return exitStatus.done;
};

/** @throws ArcError (exit status 1) with a problem for each image whose push would take something away */
async function refuseLosses(options: {
  cli: Cli;
  images: readonly { name: string; reference: string; image: EngineImage }[];
  force: boolean;
}): Promise<void> {
  const { cli, images, force } = options;
  const losses = await withRegistry({
    context: cli,
    use: (client) => Promise.all(images.map((image) => lossByPush({ ...image, client, force }))),
  });
  const [first, ...rest] = losses.filter((loss) => loss !== undefined);
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.failed });
}
