import { familiarReference, parseReference, repositoryName } from '../../registry/reference.ts';
import type { BuildTarget } from './model.ts';

/** Pushed by digest, or kept in the builder's cache. */
export type BakeOutput = 'push' | 'keep';

/**
 * What `docker buildx bake` is to do, as the text of a bake file: https://docs.docker.com/build/bake/reference/.
 * Each target is called by its role.
 *
 * The same targets give the same images: their times are those of the commit, files in layers have that time too, and
 * there is an index also where there is one platform only. BuildKit's own attestations have the time of the build in
 * them, so arc makes its own; they are turned off in open-builder.ts.
 */
export function bakeFile(options: {
  targets: readonly BuildTarget[];
  platforms: readonly string[];
  epochSeconds: number;
  output: BakeOutput;
}): string {
  const { targets, platforms, epochSeconds, output } = options;
  const target = Object.fromEntries(
    targets.map(({ role, repository, folder, dockerfile, base, labels }) => [
      role,
      {
        context: folder,
        dockerfile,
        platforms,
        // BuildKit moves the times of files back to that of the commit but never forward, so files of an earlier build
        // would keep their time. Only folders are created again; bases come from the cache as before.
        'no-cache': true,
        // In place of the base that the Dockerfile names. As the argument BASE_IMAGE, the name of a mirror would
        // become part of the image.
        contexts: { [contextName(base.reference)]: `docker-image://${base.pinned}` },
        args: { SOURCE_DATE_EPOCH: String(epochSeconds), BUILDKIT_MULTI_PLATFORM: '1' },
        labels,
        output: [
          [
            'type=image',
            `name=${repositoryName(repository)}`,
            'oci-mediatypes=true',
            'rewrite-timestamp=true',
            ...(output === 'push' ? ['push-by-digest=true', 'push=true'] : ['push=false']),
          ].join(','),
        ],
      },
    ]),
  );
  const group = { default: { targets: targets.map(({ role }) => role) } };
  return JSON.stringify({ group, target }, (_, value: unknown) =>
    typeof value === 'string' ? literal(value) : value,
  );
}

/** An image's name as BuildKit looks for a context in its place (buildkit, frontend/dockerui/namedcontext.go). */
function contextName(reference: string): string {
  return familiarReference(parseReference(reference)).replace(/:latest$/, '');
}

/** Bake fills in variables, in JSON too. */
function literal(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{');
}
