import type { Problem } from '../core/errors.ts';
import { buildProfiles } from './build/profiles.ts';
import type { Part } from './build/read.ts';
import { buildService, type ServicePart } from './build/service.ts';
import { buildWorkspace } from './build/workspace.ts';
import { parseContracts } from './contracts/parse.ts';
import { type Draft, draftOf } from './draft.ts';
import { eachOnce } from './each-once.ts';
import { profilesFile, workspaceFile } from './file-names.ts';
import { placeImages } from './images-place.ts';
import type { Manifests, WorkspaceManifest } from './model.ts';
import { placePorts, portPlace } from './place-ports.ts';
import { problemsPerFile, readDocument } from './read-document.ts';
import { checkCertificates } from './rules/certificates.ts';
import { checkConfigEntries } from './rules/config-files.ts';
import { checkDependencies } from './rules/dependencies.ts';
import { findDuplicates } from './rules/duplicates.ts';
import { checkFlavours } from './rules/flavours.ts';
import { checkFolders } from './rules/folders.ts';
import { findImagesElsewhere } from './rules/images-elsewhere.ts';
import { checkLogCollectors } from './rules/log-collectors.ts';
import { checkMetrics } from './rules/metrics.ts';
import { checkNames } from './rules/names.ts';
import { findPortConflicts } from './rules/port-conflicts.ts';
import { estimatePortCost } from './rules/port-cost.ts';
import { checkPortOffset } from './rules/port-offset.ts';
import { checkPorts } from './rules/ports.ts';
import { checkProbes } from './rules/probes.ts';
import { checkProfiles } from './rules/profiles.ts';
import { checkProvision } from './rules/provision.ts';
import { checkRecipes } from './rules/recipes.ts';
import { checkRoutes } from './rules/routes.ts';
import { checkSecretUses, findOpenSecrets } from './rules/secret-uses.ts';
import { checkSecrets } from './rules/secrets.ts';
import { checkSettings } from './rules/settings.ts';
import { checkUsers } from './rules/users.ts';
import { checkVolumeFormats, findFormatGaps } from './rules/volume-formats.ts';
import { type DocumentSchema, manifestSchemas } from './schema/load.ts';
import { sourceOf } from './yaml/source.ts';

/** The contents of the workspace's files, or all of their problems. */
export type ParsedManifests = {
  /** None if there is a problem. */
  manifests: Manifests | undefined;
  /** By file, line and column. */
  problems: readonly Problem[];
  /** Allowed, but with a cost that a person should know. */
  warnings: readonly Problem[];
};

const rules: readonly ((draft: Draft) => readonly Problem[])[] = [
  findDuplicates,
  checkNames,
  checkDependencies,
  checkProfiles,
  checkSettings,
  checkSecrets,
  checkSecretUses,
  checkPorts,
  checkPortOffset,
  findPortConflicts,
  checkProbes,
  checkConfigEntries,
  checkFolders,
  checkLogCollectors,
  checkUsers,
  checkFlavours,
  checkRecipes,
  checkVolumeFormats,
  checkProvision,
  checkRoutes,
  checkMetrics,
  checkCertificates,
];

/**
 * Reads arc.yaml, services/profiles.yaml, services/<role>/service.yaml and contracts/*.yaml, and checks each alone and
 * all of them together. Never throws, whatever the content.
 *
 * @param options.files by path relative to the workspace, with `/`: manifests and the templates that they name
 */
export function parseManifests(options: {
  files: ReadonlyMap<string, string | Uint8Array>;
}): ParsedManifests {
  const problems: Problem[] = [];
  const read = (file: string, schema: DocumentSchema, mayBeEmpty: boolean): Part => {
    const content = options.files.get(file);
    const part = content === undefined ? undefined : readDocument({ file, content, schema, mayBeEmpty });
    if (part !== undefined) problems.push(...part.problems);
    return { source: part?.source ?? sourceOf({ file, text: '' }), node: part?.node };
  };

  const workspace = read(workspaceFile, manifestSchemas.workspace, true);
  const profiles = read(profilesFile, manifestSchemas.profiles, false);
  const services: ServicePart[] = [];
  const unread: string[] = [];
  for (const { file, folder } of serviceFiles(options.files.keys())) {
    const part = read(file, manifestSchemas.service, false);
    if (part.node === undefined) unread.push(folder.slice('services/'.length));
    else services.push(buildService({ part, file, folder, files: options.files }));
  }
  const draft = draftOf({
    workspace: { ...workspace, manifest: buildWorkspace(workspace.node) },
    profiles: buildProfiles(profiles),
    services,
    unread,
    files: options.files,
  });
  for (const rule of rules) problems.push(...rule(draft));
  const contracts = parseContracts({
    files: options.files,
    // The folder of a manifest that could not be read is most likely the role in it.
    roles: new Set([...draft.byRole.keys(), ...unread]),
  });
  problems.push(...contracts.problems);
  const warnings = [
    ...estimatePortCost(draft),
    ...findImagesElsewhere(draft),
    ...findFormatGaps(draft),
    ...findOpenSecrets(draft),
    ...contracts.warnings,
  ];
  return {
    manifests:
      problems.length > 0 ? undefined : placed({ ...manifestsOf(draft), contracts: contracts.contracts }),
    problems: limitPerFile(sortProblems(eachOnce(problems))),
    warnings: eachOnce(warnings),
  };
}

/**
 * Reads arc.yaml without comparing it with any other file.
 *
 * @param options.content of arc.yaml; undefined if there is none, and defaults are all there is
 * @returns undefined if it cannot be read, or breaks its schema
 */
export function parseWorkspaceFile(options: {
  content: string | Uint8Array | undefined;
}): WorkspaceManifest | undefined {
  const { content } = options;
  if (content === undefined) return buildWorkspace(undefined);
  const schema = manifestSchemas.workspace;
  const { problems, node } = readDocument({ file: workspaceFile, content, schema, mayBeEmpty: true });
  return problems.length > 0 ? undefined : buildWorkspace(node);
}

function manifestsOf(draft: Draft): Omit<Manifests, 'contracts'> {
  return {
    workspace: draft.workspace.manifest,
    services: draft.services.map((service) => service.manifest),
    profiles: draft.profiles.map((profile) => profile.manifest),
  };
}

/** As arc.yaml says where images and ports are; with an offset that a machine chooses, ports are not moved yet. */
function placed(manifests: Manifests): Manifests {
  return placePorts({ manifests: placeImages(manifests), place: portPlace(manifests) });
}

/** Manifests of services among the files, by folder, so that the result does not depend on the order of reading. */
function serviceFiles(paths: Iterable<string>): readonly { file: string; folder: string }[] {
  const found: { file: string; folder: string }[] = [];
  for (const file of paths) {
    const folder = /^(services\/[^/]+)\/service\.yaml$/.exec(file)?.[1];
    if (folder !== undefined) found.push({ file, folder });
  }
  return found.sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** The first problems of each file, in order, and a note where there are more. */
function limitPerFile(problems: readonly Problem[]): readonly Problem[] {
  const counts = new Map<string, number>();
  return problems.flatMap((problem): readonly Problem[] => {
    const file = problem.location?.file ?? '';
    const count = (counts.get(file) ?? 0) + 1;
    counts.set(file, count);
    if (count <= problemsPerFile) return [problem];
    if (count > problemsPerFile + 1) return [];
    const { location } = problem;
    return [
      {
        code: 'further-problems',
        message: `${file} has more than ${problemsPerFile} problems; those from here on are not shown.`,
        ...(location === undefined ? {} : { location }),
      },
    ];
  });
}

function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => {
    const [left, right] = [a.location, b.location];
    if (left === undefined || right === undefined) return 0;
    if (left.file !== right.file) return left.file < right.file ? -1 : 1;
    return left.line - right.line || left.column - right.column;
  });
}
