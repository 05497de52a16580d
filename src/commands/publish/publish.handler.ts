import { exitStatus, invalid } from '../../errors.ts';
import { readGitSource } from '../../git/source.ts';
import { checkDockerfiles } from '../../images/builder/targets.ts';
import { readLock } from '../../images/lock/read.ts';
import { publishImages, refuseChanges } from '../../images/publish.ts';
import { formatTable } from '../../output/table.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Handler } from '../cli.ts';
import { commitTargets } from '../commit-targets.ts';
import { wantedImages } from '../image-selection.ts';
import { withRegistry } from '../open-registry.ts';
import { parsePlatforms } from '../platforms.ts';

type PublishOptions = { names: readonly string[]; platform: readonly string[] };

/** Makes sure that the images of the commit that is checked out are in their registries. */
export const publishCommit: Handler<PublishOptions> = async (options, cli) => {
  const workspace = await loadWorkspace({ cwd: cli.cwd });
  const { root, manifests } = workspace;
  const { environment, emit, signal } = cli;
  const named = parsePlatforms(options.platform);
  const platforms =
    named.length > 0 ? named : (manifests.workspace.release?.platforms ?? parsePlatforms(bothPlatforms));
  const images = wantedImages({ workspace, names: options.names });
  const [lock, source] = await Promise.all([
    readLock({ root }),
    readGitSource({ root, signal }),
    checkDockerfiles({ root, images }),
  ]);
  if (source === undefined) throw noRepository(root);
  // Before a registry is asked for bases.
  refuseChanges(source);
  const targets = await commitTargets({ cli, workspace, images, lock, source, platforms });
  const published = await withRegistry({
    cli,
    use: (client) => publishImages({ root, environment, emit, signal, client, source, targets, platforms }),
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
