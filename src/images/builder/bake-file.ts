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
  /** Folders with what is laid onto a base, by role; see make-programs.ts. */
  programs: ReadonlyMap<string, string>;
}): string {
  const { targets, platforms, epochSeconds, output, programs } = options;
  const own = targets.map(
    ({ role, repository, folder, dockerfile, base, program, labels }) =>
      [
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
          contexts:
            program === undefined
              ? { [contextName(base.reference)]: `docker-image://${base.pinned}` }
              : { [contextName(program.named)]: `target:${baseTarget(role)}` },
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
      ] as const,
  );
  const bases = targets.flatMap(({ role, base }) => {
    const context = programs.get(role);
    if (context === undefined) return [];
    const contexts = { base: `docker-image://${base.pinned}` };
    const args = { SOURCE_DATE_EPOCH: String(epochSeconds), BUILDKIT_MULTI_PLATFORM: '1' };
    const dockerfile = { 'dockerfile-inline': baseDockerfile };
    return [
      [baseTarget(role), { context, ...dockerfile, platforms, 'no-cache': true, contexts, args }] as const,
    ];
  });
  const target = Object.fromEntries([...own, ...bases]);
  const group = { default: { targets: targets.map(({ role }) => role) } };
  return JSON.stringify({ group, target }, (_, value: unknown) =>
    typeof value === 'string' ? literal(value) : value,
  );
}

/** The archive of each platform has folders and their owners as they are to be. */
const baseDockerfile = [
  'FROM base',
  'ARG TARGETARCH',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a Dockerfile's own variable
  'ADD program-${TARGETARCH}.tar /',
  '',
].join('\n');

/** A role has no such name: none has two hyphens. */
function baseTarget(role: string): string {
  return `${role}--base`;
}

/** An image's name as BuildKit looks for a context in its place (buildkit, frontend/dockerui/namedcontext.go). */
function contextName(reference: string): string {
  return familiarReference(parseReference(reference)).replace(/:latest$/, '');
}

/** Bake fills in variables, in JSON too. */
function literal(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{');
}
