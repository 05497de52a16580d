import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { ContainerPart, JobPart, ServicePart } from '../build/service.ts';
import type { Draft } from '../draft.ts';
import { upstreamSchemaNames } from '../schema/load.ts';
import { readTemplate } from '../template-text.ts';
import { quote } from '../words.ts';

/** Config files whose template or schema is not there or cannot be read, or that would be written over something else. */
export function checkConfigEntries(draft: Draft): readonly Problem[] {
  return [
    ...unreadableTemplates(draft),
    ...draft.services.flatMap((service) => entryProblems(draft, service)),
  ];
}

/** Each template is read once, however many containers it is for. */
function unreadableTemplates(draft: Draft): readonly Problem[] {
  const named = draft.services.flatMap((service) =>
    [...service.containers, ...service.flavours, ...service.jobs].flatMap(({ manifest }) =>
      manifest.config.map(({ template }) => `${service.manifest.folder}/${template}`),
    ),
  );
  return [...new Set(named)].flatMap((file) => {
    const content = draft.files.get(file);
    const read = content === undefined ? undefined : readTemplate({ file, content });
    return read !== undefined && 'problem' in read ? [read.problem] : [];
  });
}

function entryProblems(draft: Draft, service: ServicePart): readonly Problem[] {
  const templates = new Map<string, string>();
  return [...service.containers, ...service.flavours, ...service.jobs].flatMap((part) =>
    part.manifest.config.flatMap((_, index) => checkEntry({ draft, service, part, index, templates })),
  );
}

function checkEntry(options: {
  draft: Draft;
  service: ServicePart;
  part: ContainerPart | JobPart;
  index: number;
  /** The service's templates so far, by their rendered files. */
  templates: Map<string, string>;
}): readonly Problem[] {
  const { draft, service, part, index, templates } = options;
  const config = part.manifest.config[index];
  if (config === undefined) return [];
  const { folder } = service.manifest;
  const problems: Problem[] = [];
  if (config.template !== '' && !draft.files.has(`${folder}/${config.template}`)) {
    problems.push({
      code: 'missing-template',
      message: `The template ${folder}/${config.template} does not exist.`,
      ...draft.didYouMean(config.template, () => templatesIn(draft, folder)),
      location: placeOf(part, 'config', index, 'template'),
    });
  }
  if (config.schema !== undefined && !upstreamSchemaNames().has(config.schema)) {
    problems.push({
      code: 'unknown-schema',
      message: `There is no schema ${quote(config.schema)} in schemas/upstream/.`,
      ...draft.didYouMean(config.schema, upstreamSchemaNames),
      location: placeOf(part, 'config', index, 'schema'),
    });
  }
  // Several containers may mount the same file, as long as it is the same in all of them.
  const earlier = templates.get(config.file) ?? config.template;
  templates.set(config.file, earlier);
  if (config.file !== '' && (earlier !== config.template || isTaken(config.file, config.template))) {
    problems.push({
      code: 'file-conflict',
      message: `The rendered file ${quote(config.file)} would be written over another file of the service.`,
      suggestion: 'give it a name of its own',
      location: placeOf(part, 'config', index, 'file'),
    });
  }
  return problems;
}

function isTaken(file: string, template: string): boolean {
  return file === 'service.yaml' || file === template;
}

function templatesIn(draft: Draft, folder: string): readonly string[] {
  return [...draft.files.keys()]
    .filter((path) => path.startsWith(`${folder}/`) && path.endsWith('.liquid'))
    .map((path) => path.slice(folder.length + 1));
}
