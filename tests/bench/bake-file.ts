import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImageWorkspace } from '../support/image-workspace.ts';

/** One image of the bake file. */
export type BakeImage = { role: string; context: string; dockerfile: string; base: string };

/**
 * Writes what somebody without arc would write for the same images: `docker-bake.json`, with the labels, times and
 * locked bases that `arc publish` gives them.
 *
 * @param options.images with their bases' names, which images.lock.yaml has
 * @param options.registry where they are pushed: `127.0.0.1:5000`
 */
export async function writeBakeFile(options: {
  workspace: ImageWorkspace;
  images: readonly BakeImage[];
  registry: string;
  commit: string;
}): Promise<void> {
  const { workspace, images, registry, commit } = options;
  const epoch = workspace.git('log', '-1', '--format=%ct');
  const lock = await readFile(join(workspace.root, 'images.lock.yaml'), 'utf8');
  const version = `sha-${commit.slice(0, 12)}`;
  const target = Object.fromEntries(
    images.map(({ role, context, dockerfile, base }) => {
      const digest = digestOf({ lock, base });
      return [
        role,
        {
          context,
          dockerfile,
          platforms: ['linux/amd64', 'linux/arm64'],
          contexts: { [base]: `docker-image://${base.replace(/:[^:]*$/, '')}@${digest}` },
          args: { SOURCE_DATE_EPOCH: epoch },
          'no-cache': true,
          labels: {
            'org.opencontainers.image.created': new Date(Number(epoch) * 1000).toISOString(),
            'org.opencontainers.image.revision': commit,
            'org.opencontainers.image.version': version,
            'org.opencontainers.image.base.name': base,
            'org.opencontainers.image.base.digest': digest,
          },
          tags: [`${registry}/arc-test/arc-${role}:${version}`],
          output: ['type=image,oci-mediatypes=true,rewrite-timestamp=true'],
        },
      ];
    }),
  );
  const group = { default: { targets: images.map(({ role }) => role) } };
  await writeFile(join(workspace.root, 'docker-bake.json'), JSON.stringify({ group, target }));
}

function digestOf({ lock, base }: { lock: string; base: string }): string {
  const digest = new RegExp(`${base}:[^]*?digest: (sha256:[0-9a-f]+)`).exec(lock)?.[1];
  if (digest === undefined) throw new Error(`images.lock.yaml has no digest of ${base}`);
  return digest;
}
