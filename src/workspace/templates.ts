import type { Problem } from '../core/errors.ts';
import { filesBelow } from '../manifest/files-below.ts';
import { formsOf } from '../manifest/flavours.ts';
import type { Manifests } from '../manifest/model.ts';
import { readTemplate } from '../manifest/template-text.ts';
import { throwIfAny } from '../stack/problems.ts';
import type { Workspace } from './load.ts';

/**
 * The text of every template that the manifests name, and what is in every other file that they name, of a mounted folder
 * or of something provisioned, by its path: text, or bytes where it is not text in UTF-8.
 *
 * @throws ArcError (exit status 2) with each template that cannot be read
 */
export function templatesOf(
  options: Pick<Workspace, 'manifests' | 'files'>,
): ReadonlyMap<string, string | Uint8Array> {
  const { manifests, files } = options;
  const texts = new Map<string, string | Uint8Array>();
  const problems: Problem[] = [];
  const { templates, folders, provisioned } = namedFiles(manifests);
  const mounted = [...folders].flatMap((folder) => filesBelow(files, folder));
  for (const file of [...templates, ...mounted]) {
    const content = files.get(file);
    if (content === undefined) continue;
    if (!file.endsWith('.liquid')) {
      texts.set(file, content);
      continue;
    }
    const read = readTemplate({ file, content });
    if ('problem' in read) problems.push(read.problem);
    else texts.set(file, read.text);
  }
  for (const file of provisioned) {
    const content = files.get(file);
    if (content !== undefined && !texts.has(file)) texts.set(file, content);
  }
  throwIfAny(problems);
  return texts;
}

function namedFiles(manifests: Manifests): {
  templates: ReadonlySet<string>;
  folders: ReadonlySet<string>;
  provisioned: ReadonlySet<string>;
} {
  const forms = manifests.services.flatMap((service) =>
    [...[service, ...service.sidecars].flatMap(formsOf), ...service.jobs].map(({ config, folders }) => ({
      at: service.folder,
      config,
      folders,
    })),
  );
  return {
    templates: new Set(forms.flatMap(({ at, config }) => config.map(({ template }) => `${at}/${template}`))),
    provisioned: new Set(
      manifests.services.flatMap(({ provision }) => provision.flatMap(({ files }) => files)),
    ),
    folders: new Set(forms.flatMap(({ at, folders }) => folders.map(({ folder }) => `${at}/${folder}`))),
  };
}
