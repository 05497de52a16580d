import { posix } from 'node:path';
import { invalid } from '../core/errors.ts';
import { privateConfigFolder } from '../stack/config.ts';
import type { BootableStack, ResolvedConfigFile, ResolvedContainer } from '../stack/model.ts';
import type { Artefact, ArtefactRenderer } from './artefact.ts';
import { environmentValue } from './environment-value.ts';
import { withHeader, withJsonHeader } from './header.ts';

/** The config files that are committed beside their manifests; they hold development secrets only. */
export const configFiles: ArtefactRenderer = ({ services }) =>
  services.flatMap(({ containers }) => renderConfig(containers));

/** A config file before its header is put in front; an exact one gets none. */
export type ConfigText = { path: string; template: string; body: string; exact?: true };

/** The config files of some containers as their templates give them. */
export function configTexts(containers: readonly ResolvedContainer[]): readonly ConfigText[] {
  return unique(
    containers.flatMap((container) => [
      ...container.config.map(textOf),
      ...container.folders.flatMap(({ files }) =>
        files.flatMap((file) => (file.template === undefined ? [] : [textOf(file)])),
      ),
      ...environmentText(container),
    ]),
  );
}

function textOf(file: Pick<ResolvedConfigFile, 'file' | 'template' | 'content' | 'exact'>): ConfigText {
  const { file: path, template, content, exact } = file;
  return { path, template, body: content.reveal(), ...(exact === undefined ? {} : { exact }) };
}

/** The file from which Docker Compose reads a container's secret variables; arc passes them to the Engine directly. */
function environmentText({ secretEnvironment, image }: ResolvedContainer): readonly ConfigText[] {
  if (secretEnvironment === undefined) return [];
  const { file, variables } = secretEnvironment;
  const lines = Object.entries(variables).map(
    ([name, secret]) => `${name}=${environmentValue(secret.reveal())}\n`,
  );
  return [{ path: file, template: `${image.folder}/service.yaml`, body: lines.join('') }];
}

/**
 * The config files that the containers of a stack mount, as `arc up` needs them on disk before it starts anything.
 * As soon as one of them must not be committed, all of them are also in `.arc/config`, so that
 * `ARC_CONFIG_DIR=.arc/config docker compose up` finds a whole set.
 */
export function runtimeConfig(stack: BootableStack): readonly Artefact[] {
  const mounted = renderConfig(stack.containers);
  if (!mounted.some(({ path }) => isPrivate(path))) return mounted;
  const rest = stack.containers.flatMap((container) =>
    renderConfig([container])
      .filter(({ path }) => !isPrivate(path))
      .map(({ path, ...file }) => ({
        ...file,
        path: `${privateConfigFolder}/${posix.basename(container.image.folder)}/${path.slice(container.image.folder.length + 1)}`,
      })),
  );
  return unique([...mounted, ...rest]);
}

/** True for a file that may hold real secrets: it is not committed, nor shown in a diff. */
export function isPrivate(path: string): boolean {
  return path.startsWith(`${privateConfigFolder}/`);
}

function renderConfig(containers: readonly ResolvedContainer[]): readonly Artefact[] {
  return configTexts(containers).map(({ path, template, body, exact }) =>
    exact ? { path, text: body, exact } : { path, text: textWithHeader({ path, template, body }) },
  );
}

/**
 * A config file with its header.
 *
 * @throws ArcError `config-not-an-object` for a JSON file that has no place for one
 */
export function textWithHeader(options: Pick<ConfigText, 'path' | 'template' | 'body'>): string {
  const { path, template, body } = options;
  if (posix.extname(path) !== '.json') return withHeader({ source: template, text: body });
  const text = withJsonHeader({ source: template, text: body });
  if (text !== undefined) return text;
  throw invalid({
    code: 'config-not-an-object',
    message: `The template ${template} does not give a JSON object with members.`,
    location: { file: template, line: 1, column: 1 },
    suggestion: 'begin it with `{`; arc puts its header into the object, as the member `//`',
  });
}

/** A file that two containers of a service mount is one file. */
function unique<File extends { path: string }>(files: readonly File[]): readonly File[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}
