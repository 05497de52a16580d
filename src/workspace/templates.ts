import type { Problem } from '../core/errors.ts';
import { filesBelow } from '../manifest/files-below.ts';
import type { Manifests } from '../manifest/model.ts';
import { readTemplate } from '../manifest/template-text.ts';
import { throwIfAny } from '../stack/problems.ts';
import type { Workspace } from './load.ts';

/**
 * The text of every template that the manifests name, and of every file of a mounted folder, by its path. A file of a
 * folder that is no template may hold any bytes: one that is not text in UTF-8 is given as Latin-1, a character a byte.
 *
 * @throws ArcError (exit status 2) with each template that cannot be read
 */
export function templatesOf(options: Pick<Workspace, 'manifests' | 'files'>): ReadonlyMap<string, string> {
  const { manifests, files } = options;
  const texts = new Map<string, string>();
  const problems: Problem[] = [];
  const { templates, folders } = namedFiles(manifests);
  const mounted = [...folders].flatMap((folder) => filesBelow(files, folder));
  for (const file of [...templates, ...mounted]) {
    const content = files.get(file);
    if (content === undefined) continue;
    if (!file.endsWith('.liquid')) {
      texts.set(file, typeof content === 'string' ? content : Buffer.from(content).toString('latin1'));
      continue;
    }
    const read = readTemplate({ file, content });
    if ('problem' in read) problems.push(read.problem);
    else texts.set(file, read.text);
  }
  throwIfAny(problems);
  return texts;
}

function namedFiles(manifests: Manifests): { templates: ReadonlySet<string>; folders: ReadonlySet<string> } {
  const forms = manifests.services.flatMap((service) =>
    [service, ...service.sidecars, ...service.jobs]
      .flatMap((runnable) => [
        runnable,
        ...('flavours' in runnable && runnable.flavours !== undefined ? [runnable.flavours.embedded] : []),
      ])
      .map(({ config, folders }) => ({ at: service.folder, config, folders })),
  );
  return {
    templates: new Set(forms.flatMap(({ at, config }) => config.map(({ template }) => `${at}/${template}`))),
    folders: new Set(forms.flatMap(({ at, folders }) => folders.map(({ folder }) => `${at}/${folder}`))),
  };
}
