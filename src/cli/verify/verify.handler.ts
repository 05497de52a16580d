import { withRegistry } from '../../app/open-registry.ts';
import { ArcError, exitStatus, invalid } from '../../core/errors.ts';
import { nearest } from '../../core/nearest.ts';
import { isRevisionTag } from '../../git/source.ts';
import type { Manifests } from '../../manifest/model.ts';
import type { RegistryClient } from '../../registry/client.ts';
import { type RegistryImage, readImage } from '../../registry/image.ts';
import { versionOf } from '../../registry/image-labels.ts';
import { parseReference, repositoryName } from '../../registry/reference.ts';
import { gitTagOf } from '../../release/names.ts';
import { readTarget, type VerifyTarget, versionOfTag } from '../../release/verify-target.ts';
import { loadWorkspace, type Workspace } from '../../workspace/load.ts';
import type { Cli, Handler } from '../cli.ts';
import { verifyAnswer } from './answer.ts';
import { readCommitSource, readReleaseSource } from './release-source.ts';
import { countFindings, type VerifyReport } from './report.ts';
import { verifyLoneImage } from './verify-lone-image.ts';
import { type Fallback, verifyRelease } from './verify-release.ts';

/** Holds what is in the registry against what it should be. Changes nothing, and needs no Engine. */
export const verify: Handler<{ target: string; version?: string; strict?: boolean }> = async (
  options,
  cli,
) => {
  const target = readTarget(options.target, options.version);
  const report = await withRegistry({
    context: cli,
    use: (client) =>
      target.kind === 'release'
        ? reportOnRelease({ cli, client, target })
        : reportOnImage({ cli, client, target }),
  });
  cli.result(verifyAnswer({ report, columns: cli.columns }));
  const { wrong, 'not-run': notRun } = countFindings(report);
  return wrong > 0 || (options.strict === true && notRun > 0) ? exitStatus.failed : exitStatus.done;
};

async function reportOnRelease(options: {
  cli: Cli;
  client: RegistryClient;
  target: Extract<VerifyTarget, { kind: 'release' }>;
}): Promise<VerifyReport> {
  const { cli, client, target } = options;
  const workspace = await loadWorkspace({ cwd: cli.cwd });
  return verifyRelease({ cli, client, ...(await holdAgainst({ cli, workspace, release: target })) });
}

/** An image of a release of this workspace is held against that, any other against itself. */
async function reportOnImage(options: {
  cli: Cli;
  client: RegistryClient;
  target: Extract<VerifyTarget, { kind: 'image' }>;
}): Promise<VerifyReport> {
  const { cli, client, target } = options;
  const { repository, at } = target;
  const workspace = await workspaceIfAny(cli);
  const service =
    workspace && serviceOf({ manifests: workspace.manifests, image: repositoryName(repository) });
  if (workspace === undefined || service === undefined)
    return verifyLoneImage({ ...options, reason: 'no service of a workspace here has this image' });
  const typed = versionOfTag({ service, tag: at });
  const image =
    typed === undefined ? await readImage({ client, repo: repository, reference: at }) : undefined;
  const version = typed ?? (image && (await releaseOf({ ...options, service, image })));
  if (version !== undefined)
    return verifyRelease({
      cli,
      client,
      ...(await holdAgainst({ cli, workspace, release: { service, version } })),
      only: { repository, ...(image === undefined ? {} : { digest: image.digest }) },
    });
  return verifyLoneImage({
    ...options,
    reason: 'the image is of no released version, and this clone does not have the commit that it names',
    source: ({ commit, version: labelled }) =>
      readCommitSource({
        git: { root: workspace.root, signal: cli.signal },
        hash: commit,
        service,
        version: labelled,
      }),
  });
}

/**
 * The release that an image's labels name, if the registry has that release. `sha-<commit>` is verified as the image of
 * a commit, whatever version it was built for.
 */
async function releaseOf(options: {
  client: RegistryClient;
  target: Extract<VerifyTarget, { kind: 'image' }>;
  service: string;
  image: RegistryImage;
}): Promise<string | undefined> {
  const { client, target, service, image } = options;
  const tag = versionOf(image);
  const version = tag === undefined ? undefined : versionOfTag({ service, tag });
  if (version === undefined || isRevisionTag(target.at)) return undefined;
  return (await client.manifest(target.repository, version)) === undefined ? undefined : version;
}

/**
 * What to compare a release with: its git tag or, if that cannot be read, the current workspace.
 *
 * @throws ArcError (exit status 2) `unknown-name` for a service that neither has
 */
async function holdAgainst(options: {
  cli: Cli;
  workspace: Workspace;
  release: { service: string; version: string };
}) {
  const { cli, workspace } = options;
  const { service, version } = options.release;
  const { root, manifests } = workspace;
  const release = { service, version };
  const git = { root, signal: cli.signal };
  const source = await readReleaseSource({ git, tag: gitTagOf(release), ...release });
  const fallback = imagesOfToday({ manifests, service });
  if (source === undefined && fallback.images.length === 0) throw unknownService({ manifests, service });
  return { release, source, fallback };
}

function imagesOfToday(options: { manifests: Manifests; service: string }): Fallback {
  const { manifests, service } = options;
  const found = manifests.services.find(({ role }) => role === service);
  const containers = found === undefined ? [] : [found, ...found.sidecars];
  return {
    images: containers.map(({ role, image }) => {
      const { registry, repository } = parseReference(image);
      return { role, repository: { registry, repository } };
    }),
    settings: manifests.workspace.release,
  };
}

function serviceOf(options: { manifests: Manifests; image: string }): string | undefined {
  const { manifests, image } = options;
  return manifests.services.find((service) =>
    [service, ...service.sidecars].some((one) => repositoryName(parseReference(one.image)) === image),
  )?.role;
}

/** An image can be verified anywhere. */
async function workspaceIfAny(cli: Cli): Promise<Workspace | undefined> {
  try {
    return await loadWorkspace({ cwd: cli.cwd });
  } catch (error) {
    if (error instanceof ArcError && error.code === 'no-workspace') return undefined;
    throw error;
  }
}

function unknownService(options: { manifests: Manifests; service: string }): ArcError {
  const { manifests, service } = options;
  const meant = nearest(
    service,
    manifests.services.map(({ role }) => role),
  );
  return invalid({
    code: 'unknown-name',
    message: `No service is called ${service}.`,
    suggestion: meant === undefined ? '`arc services` lists the names' : `did you mean \`${meant}\`?`,
  });
}
