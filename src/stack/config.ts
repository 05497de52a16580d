import { posix } from 'node:path';
import { invalid } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import type { ConfigManifest } from '../manifest/model-needs.ts';
import type { Making } from './containers.ts';
import type { ResolvedConfigFile } from './model.ts';
import { type StackValues, scopeOf } from './values.ts';
import type { Entry } from './workspace-index.ts';

/** Where files are mounted from that must not be committed, below the workspace: `<this>/<service's folder>/<file>`. */
export const privateConfigFolder = '.arc/config';

/**
 * Renders a config file. The committed file is mounted as long as the text is the same. With a real secret or a choice
 * of this run in it, the file is mounted from a folder that git ignores.
 */
export function resolveConfig(options: {
  config: ConfigManifest;
  entry: Entry;
  making: Making;
}): ResolvedConfigFile {
  const { config, entry } = options;
  const template = `${entry.service.folder}/${config.template}`;
  const { content, asCommitted } = renderTemplate({ ...options, template });
  return {
    file: `${mountedFrom({ entry, asCommitted })}/${config.file}`,
    template,
    target: config.target,
    content: new Secret(content),
    ...(config.schema === undefined ? {} : { schema: config.schema }),
  };
}

/** The folder of a service that files are mounted from. */
export function mountedFrom(options: { entry: Entry; asCommitted: boolean }): string {
  const { folder } = options.entry.service;
  return options.asCommitted ? folder : `${privateConfigFolder}/${posix.basename(folder)}`;
}

/** The text that a template gives, and whether it is the one that is committed. */
export function renderTemplate(options: { template: string; entry: Entry; making: Making }): {
  content: string;
  asCommitted: boolean;
} {
  const { template, entry, making } = options;
  const text = making.templates.get(template);
  // An empty text in its place would be a config file that says nothing, and the program would take its defaults.
  if (typeof text !== 'string') {
    throw invalid({
      code: 'missing-template',
      message: `The template ${template} does not exist.`,
      location: entry.manifest.location,
    });
  }
  const render = (values: StackValues) =>
    making.renderer.render({
      text,
      origin: { kind: 'file', file: template },
      scope: scopeOf({ values, entry, use: 'file' }),
    });
  const content = render(making.values);
  const committed = making.committed(entry);
  if (committed === undefined) return { content, asCommitted: true };
  // Committed files are of containers as they are written: what only another flavour mounts is not among them.
  if (!isMounted({ template, entry, values: committed })) return { content, asCommitted: false };
  return { content, asCommitted: render(committed) === content };
}

/** Whether a container mounts what a template gives as these values have it: in the flavour that they are of. */
function isMounted(options: { template: string; entry: Entry; values: StackValues }): boolean {
  const { template, entry, values } = options;
  const { config, folders } = (values.index.entries.get(entry.role) ?? entry).manifest;
  const { folder } = entry.service;
  return (
    config.some((one) => `${folder}/${one.template}` === template) ||
    folders.some((one) => template.startsWith(`${folder}/${one.folder}/`))
  );
}
