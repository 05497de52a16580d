import { type Contracts, noContracts } from '../../contracts/model.ts';
import type { Problem } from '../../core/errors.ts';
import { plainData } from '../build/plain.ts';
import { eachOnce } from '../each-once.ts';
import { readDocument } from '../read-document.ts';
import { contractSchema } from '../schema/load.ts';
import { buildContracts } from './build.ts';
import type { ContractFile, FileContent } from './file.ts';
import { checkChannels } from './rules/channels.ts';
import { checkExamples } from './rules/examples.ts';
import { checkNames } from './rules/names.ts';
import { checkPointers } from './rules/pointers.ts';
import { checkPulsar } from './rules/pulsar.ts';
import { findLikelyRoles } from './rules/roles.ts';
import type { Rule } from './rules/rule.ts';
import { checkSchemas } from './rules/schemas.ts';
import { checkStreams } from './rules/streams.ts';
import { checkSubjects } from './rules/subjects.ts';

/** The contracts of the workspace, or all of their problems. */
export type ParsedContracts = {
  /** Without the files that have problems. */
  contracts: Contracts;
  /** By file, line and column. */
  problems: readonly Problem[];
  warnings: readonly Problem[];
};

const rules: readonly Rule[] = [
  checkNames,
  checkSubjects,
  checkStreams,
  checkChannels,
  checkPulsar,
  checkSchemas,
  checkExamples,
  checkPointers,
];

/**
 * Reads contracts/*.yaml, and checks each alone and all of them together. Never throws, whatever the content.
 *
 * @param options.files by path relative to the workspace, with `/`; those in other folders are passed over
 * @param options.roles of the workspace's manifests: any other role is external
 */
export function parseContracts(options: {
  files: ReadonlyMap<string, string | Uint8Array>;
  roles: ReadonlySet<string>;
}): ParsedContracts {
  const problems: Problem[] = [];
  const files: ContractFile[] = [];
  for (const [file, content] of options.files) {
    if (!/^contracts\/[^/]+\.yaml$/.test(file)) continue;
    const read = readDocument({ file, content, schema: contractSchema, mayBeEmpty: false });
    problems.push(...read.problems);
    const { source, node } = read;
    if (read.problems.length > 0 || source === undefined || node === undefined) continue;
    const data = plainData({ document: contractSchema, schema: contractSchema.schema, node });
    // The schema has found nothing wrong, so the data has this type.
    files.push({ file, part: { source, node }, content: data as unknown as FileContent });
  }
  if (files.length === 0) return { contracts: noContracts, problems: eachOnce(problems), warnings: [] };
  files.sort((a, b) => (a.file < b.file ? -1 : 1));
  const contracts = buildContracts({ files, roles: options.roles });
  const given = { contracts, files, roles: options.roles, complete: problems.length === 0 };
  for (const rule of rules) problems.push(...rule(given));
  return { contracts, problems: eachOnce(problems).toSorted(byPlace), warnings: findLikelyRoles(given) };
}

function byPlace({ location: left }: Problem, { location: right }: Problem): number {
  if (left === undefined || right === undefined) return 0;
  if (left.file !== right.file) return left.file < right.file ? -1 : 1;
  return left.line - right.line || left.column - right.column;
}
