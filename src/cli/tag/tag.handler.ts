import { wantedImages } from '../../app/image-selection.ts';
import { withEngine } from '../../app/session.ts';
import { exitStatus, invalid } from '../../core/errors.ts';
import { tagOnEngine } from '../../images/engine-push.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';
import { checkTag } from '../image-tag.ts';

/** Gives images of the Engine a version for a tag. */
export const tagImages: Handler<{ names: readonly string[] }> = async (options, cli) => {
  const names = options.names.slice(0, -1);
  const workspace = await loadWorkspace({ cwd: cli.cwd });
  const all = wantedImages({ workspace, names: [] });
  const tag = checkTag(options.names.at(-1) ?? '');
  if (all.some(({ role, name }) => [role, name].includes(tag))) {
    throw invalid({
      code: 'bad-flag',
      message: `${tag} is the name of an image; the version is missing.`,
      suggestion: `arc tag ${options.names.join(' ')} v0.1.0`,
    });
  }
  const images = wantedImages({ workspace, names });
  const tagged = await withEngine({
    context: cli,
    use: (_, { images: engineImages }) =>
      Promise.all(
        images.map(async ({ role, image: { reference } }) => ({
          role,
          image: reference,
          ...(await tagOnEngine({ engineImages, reference, tag, remedy: `arc build ${role}` })),
        })),
      ),
  });
  cli.result({
    data: { images: tagged },
    text: () => tagged.map(({ image, reference }) => `Tagged ${image} as ${reference}.`).join('\n'),
  });
  return exitStatus.done;
};
