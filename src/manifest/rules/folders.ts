import type { Problem } from '../../core/errors.ts';
import { partsOf, placeOf } from '../build/read.ts';
import type { ContainerPart, JobPart, ServicePart } from '../build/service.ts';
import type { Draft } from '../draft.ts';
import { filesBelow } from '../files-below.ts';
import type { FolderManifest, ProofManifest } from '../model-needs.ts';
import { readTemplate } from '../template-text.ts';
import { quote } from '../words.ts';
import { checkTcpPort } from './probes.ts';

/** Mounted folders that are not there or cannot be rendered, and reloads that could not be asked for or proved. */
export function checkFolders(draft: Draft): readonly Problem[] {
  return draft.services.flatMap((service) =>
    [...service.containers, ...service.flavours, ...service.jobs].flatMap((part) =>
      part.manifest.folders.flatMap((folder, index) => [
        ...checkFiles({ draft, service, part, folder, index }),
        ...checkReload({ draft, service, part, folder, index }),
      ]),
    ),
  );
}

type Where = {
  draft: Draft;
  service: ServicePart;
  part: ContainerPart | JobPart;
  folder: FolderManifest;
  index: number;
};

function checkFiles({ draft, service, part, folder, index }: Where): readonly Problem[] {
  if (folder.folder === '') return [];
  const path = `${service.manifest.folder}/${folder.folder}`;
  const files = filesBelow(draft.files, path);
  const location = placeOf(part, 'folders', index, 'folder');
  if (files.length === 0) {
    return [
      {
        code: 'missing-folder',
        message: `There is no file in the folder ${path}.`,
        ...draft.didYouMean(folder.folder, () => foldersOf(draft, service.manifest.folder)),
        location,
      },
    ];
  }
  const templates = files.filter((file) => file.endsWith('.liquid'));
  const other = files.find((file) => !file.endsWith('.liquid'));
  if (templates.length > 0 && other !== undefined) {
    return [
      {
        code: 'mixed-folder',
        message: `${path} holds templates and ${other.slice(path.length + 1)}, which is not a template.`,
        suggestion: 'put templates into a folder of their own, or give every name `.liquid`',
        location,
      },
    ];
  }
  return templates.flatMap((file) => checkTemplate(draft, file));
}

/** Formats in which arc could not mark the rendered file as its own: neither with `#` nor, as in JSON, with a member. */
const withoutComments = /\.(avsc|sql|xml|html|js|ts|css|csv)\.liquid$/;

function checkTemplate(draft: Draft, file: string): readonly Problem[] {
  if (withoutComments.test(file)) {
    return [
      {
        code: 'template-format',
        message: `${file} cannot be a template: its format has no # comments, and arc marks the files that it writes with one.`,
        suggestion: 'remove `.liquid` from its name, and template values from its text',
        location: { file, line: 1, column: 1 },
      },
    ];
  }
  const content = draft.files.get(file);
  const read = content === undefined ? undefined : readTemplate({ file, content });
  return read !== undefined && 'problem' in read ? [read.problem] : [];
}

function foldersOf(draft: Draft, service: string): ReadonlySet<string> {
  const folders = filesBelow(draft.files, service).map((file) =>
    file.slice(service.length + 1, Math.max(service.length + 1, file.lastIndexOf('/'))),
  );
  return new Set(folders.filter((folder) => folder !== '' && !folder.startsWith('rendered')));
}

function checkReload({ draft, service, part, folder, index }: Where): readonly Problem[] {
  const { reload } = folder;
  if (reload === undefined) {
    if (!folder.follows) return [];
    return [
      {
        code: 'follows-without-reload',
        message: `${part.manifest.name} follows others with ${folder.folder}, and nothing says how it loads a change.`,
        suggestion: 'add `reload`',
        location: placeOf(part, 'folders', index, 'follows'),
      },
    ];
  }
  const path = ['folders', index, 'reload'] as const;
  if (part.kind === 'job') {
    return [
      {
        code: 'useless-reload',
        message: `${part.manifest.name} is a job, which runs once and reloads nothing.`,
        suggestion: 'remove `reload`',
        location: placeOf(part, ...path),
      },
    ];
  }
  const asks = (port: string, where: readonly (string | number)[], what: string) =>
    checkTcpPort({ draft, port, what, container: part.manifest, part, path: where });
  return [
    ...(reload.kind === 'http' ? asks(reload.port, [...path, 'port'], 'The reload') : []),
    ...asks(reload.proof.port, [...path, 'proof', 'port'], 'The proof of the reload'),
    ...checkProof({ draft, service, part, folder, index, proof: reload.proof }),
  ];
}

function checkProof(options: Where & { proof: ProofManifest }): readonly Problem[] {
  const { draft, service, part, folder, index, proof } = options;
  const path = ['folders', index, 'reload', 'proof'] as const;
  const problems: Problem[] = [];
  if (proof.pattern !== '' && !hasGroup(proof.pattern)) {
    problems.push({
      code: 'proof-pattern',
      message: `The pattern ${quote(proof.pattern)} is not a regular expression with a group.`,
      suggestion: 'put what is the mark in parentheses: `"config_load_time":"([^"]+)"`',
      location: placeOf(part, ...path, 'pattern'),
    });
  }
  const written = partsOf(part, 'folders')[index];
  const files = filesBelow(draft.files, `${service.manifest.folder}/${folder.folder}`).map((file) =>
    file.slice(service.manifest.folder.length + folder.folder.length + 2).replace(/\.liquid$/, ''),
  );
  if (written !== undefined && proof.mark !== 'time' && !files.includes(proof.file ?? '')) {
    problems.push({
      code: 'proof-file',
      message:
        proof.file === undefined
          ? 'The mark is a digest, and nothing says of which file of the folder.'
          : `The mark is the digest of ${quote(proof.file)}, which is not in the folder.`,
      ...(proof.file === undefined
        ? { suggestion: 'name it as `file`' }
        : draft.didYouMean(proof.file, () => files)),
      location: placeOf(part, ...path, proof.file === undefined ? 'mark' : 'file'),
    });
  }
  return problems;
}

function hasGroup(pattern: string): boolean {
  try {
    return (new RegExp(`${pattern}|`).exec('')?.length ?? 0) > 1;
  } catch {
    return false;
  }
}
