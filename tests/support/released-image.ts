import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';

export type PushedRelease = {
  /** `127.0.0.1:5000/arc-framework/arc-cache`. */
  repository: string;
  version: string;
  revision: string;
  /** Of the manifest in the registry. */
  digest: string;
};

/**
 * Puts an image into a registry as a release does: built from a generated Dockerfile, labelled with version and commit,
 * under a version tag. The Engine has forgotten it afterwards.
 *
 * @param options.base name or id of an image on the Engine
 * @param options.change further instructions, for a release that is broken
 * @param options.labelled the version on the label, where that is another one than the tag
 */
export async function pushRelease(options: {
  docker: Docker;
  repository: string;
  version: string;
  revision: string;
  dockerfile: string;
  base: string;
  change?: string;
  labelled?: string;
}): Promise<PushedRelease> {
  const {
    docker,
    repository,
    version,
    revision,
    dockerfile,
    base,
    change = '',
    labelled = version,
  } = options;
  const name = `${repository}:${version}`;
  const context = pack();
  context.entry({ name: 'Dockerfile' }, `${dockerfile}\n${change}\n`);
  context.finalize();
  await finished(
    docker,
    await docker.buildImage(Readable.from(context), {
      t: name,
      buildargs: { BASE_IMAGE: base },
      labels: {
        'org.opencontainers.image.version': labelled,
        'org.opencontainers.image.revision': revision,
      },
      rm: true,
      forcerm: true,
    }),
  );
  const image = docker.getImage(name);
  // An Engine wants the header also where nobody has to log in.
  await finished(docker, await image.push({ authconfig: { username: '', password: '' } }));
  const { RepoDigests } = await image.inspect();
  const digest = RepoDigests.find((text) => text.startsWith(`${repository}@`))?.split('@')[1];
  if (digest === undefined) throw new Error(`${name} has no digest after its push`);
  await image.remove();
  return { repository, version, revision, digest };
}

function finished(docker: Docker, stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error: Error | null, messages: readonly { error?: string }[]) => {
      const said = messages?.find((message) => message.error !== undefined)?.error;
      if (error) reject(error);
      else if (said !== undefined) reject(new Error(said));
      else resolve();
    });
  });
}
