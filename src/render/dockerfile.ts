import { posix } from 'node:path';
import type { ResolvedImage } from '../stack/model.ts';
import type { Artefact, ArtefactRenderer } from './artefact.ts';
import { withHeader } from './header.ts';

/** One Dockerfile for each container that has an image of its own; jobs run in that of their service. */
export const dockerfiles: ArtefactRenderer = ({ services }) =>
  services.flatMap(({ manifest, containers }) =>
    containers
      .filter((container) => container.kind === 'service')
      .map(
        ({ image }): Artefact => ({
          path: `${image.folder}/${image.dockerfile}`,
          text: withHeader({ source: manifest.file, text: dockerfileText(image) }),
        }),
      ),
  );

/**
 * The wrapper's Dockerfile, without a header. The base is the build argument `BASE_IMAGE`. It runs no command, so it
 * builds on bases without a shell and for other platforms than the builder's.
 */
export function dockerfileText(image: ResolvedImage): string {
  return [
    `ARG BASE_IMAGE=${image.upstream}`,
    ...ownedStage(image),
    '',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a Dockerfile's own variable
    'FROM ${BASE_IMAGE}',
    'ARG BASE_IMAGE',
    ...image.owned.map(
      (folder, index) =>
        `COPY --from=owned --chown=${image.user} /owned/${index}/ ${withSlash(posix.dirname(folder))}`,
    ),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a Dockerfile's own variable
    label({ ...image.labels }, { 'org.opencontainers.image.base.name': '"${BASE_IMAGE}"' }),
    `USER ${image.user}`,
    '',
  ].join('\n');
}

/**
 * Folders for data, made in a stage of their own and copied in. `RUN chown` would need a shell, would be emulated
 * for other platforms, and the classic builder drops it where the base declares the folder as a volume.
 */
function ownedStage(image: ResolvedImage): string[] {
  if (image.owned.length === 0) return [];
  return [
    '',
    '# Folders for data, which belong to the user that writes to them.',
    'FROM scratch AS owned',
    ...image.owned.map((folder, index) => `WORKDIR /owned/${index}/${posix.basename(folder)}`),
  ];
}

function label(
  values: Readonly<Record<string, string>>,
  expressions: Readonly<Record<string, string>>,
): string {
  const lines = [
    ...Object.entries(values).map(([name, value]) => [name, quote(value)] as const),
    ...Object.entries(expressions),
  ].map(([name, value]) => `${name}=${value}`);
  return `LABEL ${lines.toSorted().join(' \\\n      ')}`;
}

/** A double-quoted word of a Dockerfile, in which nothing is expanded. */
function quote(text: string): string {
  return `"${text.replace(/[\\"$]/g, '\\$&').replace(/\s+/g, ' ')}"`;
}

function withSlash(folder: string): string {
  return folder.endsWith('/') ? folder : `${folder}/`;
}
