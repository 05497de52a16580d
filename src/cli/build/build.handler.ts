import { wantedImages } from '../../app/image-selection.ts';
import { withEngine } from '../../app/session.ts';
import { type ExitStatus, exitStatus } from '../../core/errors.ts';
import { readGitSource } from '../../git/source.ts';
import { sourceLabels } from '../../images/builder/build-labels.ts';
import { checkDockerfiles } from '../../images/builder/targets.ts';
import { readLock } from '../../images/lock/read.ts';
import { buildLabelNames } from '../../registry/image-labels.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Cli, Handler } from '../cli.ts';
import { formatTable } from '../output/table.ts';
import { parsePlatforms } from '../platforms.ts';
import type { BuildOptions, Built, Commission } from './commission.ts';
import { buildForEngine } from './for-engine.ts';
import { buildWithBuilder } from './with-builder.ts';

/**
 * Builds images. For this Engine's own platform they are loaded into it, where `arc up` finds them; for another one, or
 * for several, buildx builds them and keeps them in its cache, from which `arc publish` goes on.
 */
export const buildImages: Handler<BuildOptions> = async (options, cli) => {
  const platforms = parsePlatforms(options.platform);
  const workspace = await loadWorkspace({ cwd: cli.cwd });
  const { root } = workspace;
  const images = wantedImages({ workspace, names: options.names });
  const [lock, source] = await Promise.all([
    readLock({ root }),
    readGitSource({ root, signal: cli.signal }),
    checkDockerfiles({ root, images }),
  ]);
  const commission: Commission = { options, cli, workspace, images, lock, source };
  if (platforms.length > 1)
    return answer({ commission, built: await buildWithBuilder({ ...commission, platforms }) });
  return await withEngine({
    context: cli,
    use: async (_, connection) => {
      const { os, architecture } = connection.images;
      const platform = `${os}/${architecture}`;
      const own = platforms.every((wanted) => wanted === platform);
      return answer({
        commission,
        built: own
          ? await buildForEngine({ ...commission, connection, platform })
          : await buildWithBuilder({ ...commission, platforms }),
        ...(own ? { loaded: true } : {}),
      });
    },
  });
};

/** @param options.loaded they are on the Engine */
function answer(options: {
  commission: { cli: Cli; source: Commission['source'] };
  built: readonly Built[];
  loaded?: boolean;
}): ExitStatus {
  const { built, loaded = false } = options;
  const { cli, source } = options.commission;
  const version = sourceLabels({ source })[buildLabelNames.version];
  cli.result({
    data: { images: built, loaded, ...(version === undefined ? {} : { version }) },
    text: () =>
      [
        formatTable({
          headings: ['CONTAINER', 'IMAGE', 'PLATFORM', 'DIGEST', 'BASE'],
          rows: built.map(({ role, image, platforms, digest, base }) => [
            role,
            image,
            platforms.join(','),
            digest.replace('sha256:', '').slice(0, 12),
            base.source,
          ]),
          columns: cli.columns,
        }),
        version === undefined
          ? 'This is no git repository, so their labels do not say from which commit they are.'
          : `Their version is ${version}.`,
        ...(loaded ? [] : ["They are in the builder's cache and nowhere else; `arc publish` pushes them."]),
      ].join('\n'),
  });
  return exitStatus.done;
}
