import { exitStatus } from '../../errors.ts';
import { pushFromEngine } from '../../images/engine-push.ts';
import { formatTable } from '../../output/table.ts';
import { parseReference, repositoryName } from '../../registry/reference.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';
import { wantedImages } from '../image-selection.ts';
import { checkTag } from '../image-tag.ts';
import { withEngine } from '../session.ts';

/** Pushes images that are on the Engine. */
export const pushImages: Handler<{ names: readonly string[]; version?: string }> = async (options, cli) => {
  const { names, version } = options;
  const tag = version === undefined ? undefined : checkTag(version);
  const images = wantedImages({ workspace: await loadWorkspace({ cwd: cli.cwd }), names });
  const { environment, emit, signal } = cli;
  const pushed = await withEngine({
    cli,
    use: async (_, { docker }) => {
      const done: { role: string; reference: string; digest: string | undefined }[] = [];
      // One after the other: an Engine pushes five layers at once by itself.
      for (const { role, image } of images) {
        const reference =
          tag === undefined ? image.reference : `${repositoryName(parseReference(image.reference))}:${tag}`;
        done.push({
          role,
          ...(await pushFromEngine({ docker, role, reference, environment, emit, signal })),
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
