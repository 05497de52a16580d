import { exitStatus, invalid } from '../../errors.ts';
import { readGitSource } from '../../git/source.ts';
import { openBuilder } from '../../images/builder/open-builder.ts';
import { checkDockerfiles } from '../../images/builder/targets.ts';
import { readLock } from '../../images/lock/read.ts';
import { publishImages, refuseChanges } from '../../images/publish.ts';
import { formatTable } from '../../output/table.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import { findWorkspace } from '../../workspace/read.ts';
import type { Handler } from '../cli.ts';
import { commitTargets } from '../commit-targets.ts';
import { wantedImages } from '../image-selection.ts';
import { withRegistry } from '../open-registry.ts';
import { parsePlatforms } from '../platforms.ts';

type PublishOptions = { names: readonly string[]; platform: readonly string[] };

/** Makes sure that the images of the commit that is checked out are in their registries. */
export const publishCommit: Handler<PublishOptions> = async (options, cli) => {
  const { environment, emit, signal } = cli;
  const root = await findWorkspace({ cwd: cli.cwd });
  const named = parsePlatforms(options.platform);
  // Other programs' answers are on their way while this one reads manifests.
  const builder = openBuilder({ root, environment, signal });
  // Where nothing has to be built, it does not matter that nothing can be.
  builder.catch(() => {});
  const [source, lock, workspace] = await Promise.all([
    readGitSource({ root, signal }),
    readLock({ root }),
    loadWorkspace({ cwd: root }),
  ]);
  const platforms =
    named.length > 0
      ? named
      : (workspace.manifests.workspace.release?.platforms ?? parsePlatforms(bothPlatforms));
  const images = wantedImages({ workspace, names: options.names });
  await checkDockerfiles({ root, images });
  if (source === undefined) throw noRepository(root);
  // Before a registry is asked for bases.
  refuseChanges(source);
  const targets = await commitTargets({ cli, workspace, images, lock, source, platforms });
  const published = await withRegistry({
    cli,
    use: (client) =>
      publishImages({
        ...{ root, environment, emit, signal, client, builder },
        ...{ source, targets, platforms },
      }),
  });
  const rows = published.map(({ role, reference, state, image }) => ({
    role,
    image: reference,
    digest: image.digest,
    state,
    platforms: Object.fromEntries(image.platforms.map(({ platform, digest }) => [platform, digest])),
  }));
  cli.result({
    data: { revision: source.commit, images: rows },
    text: () =>
      formatTable({
        headings: ['CONTAINER', 'IMAGE', 'PLATFORMS', 'DIGEST', ''],
        rows: rows.map(({ role, image, digest, state, platforms: digests }) => [
          role,
          image,
          Object.keys(digests).join(','),
          digest,
          state,
        ]),
        columns: cli.columns,
      }),
  });
  return exitStatus.done;
};

const bothPlatforms = ['linux/amd64,linux/arm64'];

function noRepository(root: string) {
  return invalid({
    code: 'no-repository',
    message: `${root} is not in a git repository with a commit, and images are published by commit.`,
    suggestion: 'run it in a clone of the repository; `arc build` and `arc push` need no commit',
  });
}
