import { posix } from 'node:path';
import { invalid } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { filesBelow } from '../manifest/files-below.ts';
import type { FolderManifest } from '../manifest/model-needs.ts';
import { mountedFrom, renderTemplate } from './config.ts';
import type { Making } from './containers.ts';
import type { FileContent, ResolvedFolder } from './model.ts';
import type { Entry } from './workspace-index.ts';

/** Where the templates of mounted folders are rendered into, below the service's folder or its private place. */
export const renderedFolder = 'rendered';

/**
 * A mounted folder with its files. One without templates is mounted from where it is. Rendered ones go together: as soon
 * as one of them must not be committed, all of them are in the folder that git ignores.
 */
export function resolveFolder(options: {
  folder: FolderManifest;
  entry: Entry;
  making: Making;
}): ResolvedFolder {
  const { folder, entry, making } = options;
  const source = `${entry.service.folder}/${folder.folder}`;
  const paths = filesBelow(making.templates, source).toSorted();
  if (paths.length === 0) {
    throw invalid({
      code: 'missing-folder',
      message: `There is no file in the folder ${source}.`,
      location: folder.location,
    });
  }
  const shared = {
    target: folder.target,
    ...(folder.reload === undefined ? {} : { reload: folder.reload }),
    ...(folder.follows ? { follows: true as const } : {}),
  };
  if (!paths.every((path) => path.endsWith('.liquid'))) {
    const files = paths.map((path) => ({
      file: path,
      content: contentOf(making.templates.get(path) ?? ''),
    }));
    return { ...shared, folder: source, files };
  }
  const rendered = paths.map((template) => ({
    template,
    name: template.slice(source.length + 1, -'.liquid'.length),
    ...renderTemplate({ template, entry, making }),
  }));
  // What follows others changes without a new container, so it cannot move to another place later.
  const moves = folder.follows && !making.portable;
  const asCommitted = !moves && rendered.every((file) => file.asCommitted);
  const mounted = `${mountedFrom({ entry, asCommitted })}/${renderedFolder}/${folder.folder}`;
  return {
    ...shared,
    folder: mounted,
    files: rendered.map(({ template, name, content }) => ({
      file: `${mounted}/${name}`,
      template,
      content: new Secret(content),
    })),
  };
}

function contentOf(found: string | Uint8Array): FileContent {
  return typeof found === 'string' ? new Secret(found) : found;
}

/**
 * All paths that a program finds below a mounted folder: the folder, those in between, and the files. Relative to the
 * workspace.
 */
export function pathsBelow({ folder, files }: ResolvedFolder): readonly string[] {
  return [...new Set([folder, ...files.flatMap(({ file }) => [...between(folder, file), file])])];
}

function between(folder: string, file: string): readonly string[] {
  const above = posix.dirname(file);
  return above === folder ? [] : [...between(folder, above), above];
}
