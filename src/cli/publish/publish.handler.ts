import { commitTargets } from '../../app/commit-targets.ts';
import { wantedImages } from '../../app/image-selection.ts';
import { withRegistry } from '../../app/open-registry.ts';
import { exitStatus, invalid } from '../../core/errors.ts';
import { type GitSource, readGitSource } from '../../git/source.ts';
import type { StartedBake } from '../../images/builder/bake.ts';
import { openBuilder } from '../../images/builder/open-builder.ts';
import { startAhead } from '../../images/builder/start-ahead.ts';
import { checkDockerfiles } from '../../images/builder/targets.ts';
import { readLock } from '../../images/lock/read.ts';
import { type PublishedImage, publishImages, refuseChanges } from '../../images/publish.ts';
import type { Platform } from '../../manifest/model-release.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import { findWorkspace } from '../../workspace/read.ts';
import type { Cli, Handler } from '../cli.ts';
import { formatTable } from '../output/table.ts';
import { parsePlatforms } from '../platforms.ts';

type PublishOptions = { names: readonly string[]; platform: readonly string[] };

/** Makes sure that the images of the commit that is checked out are in their registries. */
export const publishCommit: Handler<PublishOptions> = async (options, cli) => {
  const root = await findWorkspace({ cwd: cli.cwd });
  const named = parsePlatforms(options.platform);
  const { environment, signal } = cli;
  const ahead = startAhead({ root, environment, signal });
  const { source, published } = await withRegistry({
    context: cli,
    use: (client) => publish({ cli, client, root, ahead, named, names: options.names }),
  }).finally(() => ahead?.cancel());
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

async function publish(options: {
  cli: Cli;
  client: RegistryClient;
  root: string;
  ahead: StartedBake | undefined;
  /** Platforms that were asked for; those of the workspace where empty. */
  named: readonly Platform[];
  names: readonly string[];
}): Promise<{ source: GitSource; published: readonly PublishedImage[] }> {
  const { cli, client, root, ahead, named, names } = options;
  const { environment, emit, signal } = cli;
  // Other programs' answers are on their way while this one reads manifests, and then loads what asks a registry.
  const builder = openBuilder({ root, environment, signal });
  // A missing builder does not matter if nothing has to be built.
  builder.catch(() => {});
  const asked = readGitSource({ root, signal });
  // Awaited after the manifests, whose errors are more likely.
  asked.catch(() => {});
  const [lock, workspace] = await Promise.all([readLock({ root }), loadWorkspace({ cwd: root })]);
  client.prepare();
  const source = await asked;
  const platforms =
    named.length > 0
      ? named
      : (workspace.manifests.workspace.release?.platforms ?? parsePlatforms(bothPlatforms));
  const images = wantedImages({ workspace, names });
  await checkDockerfiles({ root, images });
  if (source === undefined) throw noRepository(root);
  // Done before any registry is asked for bases.
  refuseChanges(source);
  const targets = await commitTargets({ context: cli, workspace, images, lock, source, platforms });
  const published = await publishImages({
    ...{ root, environment, emit, signal, client, builder, ahead },
    ...{ source, targets, platforms },
  });
  return { source, published };
}

const bothPlatforms = ['linux/amd64,linux/arm64'];

function noRepository(root: string) {
  return invalid({
    code: 'no-repository',
    message: `${root} is not in a git repository with a commit, and images are published by commit.`,
    suggestion: 'run it in a clone of the repository; `arc build` and `arc push` need no commit',
  });
}
