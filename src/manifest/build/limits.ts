import { defined } from '../../core/defined.ts';
import type { LoggingManifest, ResourcesManifest, Ulimit } from '../model-needs.ts';
import { entries, member, type YamlNode } from '../yaml/tree.ts';
import { define, optionalNumber, optionalSize, text, textRecord } from './read.ts';

/** What a container may use, and where its output goes. */
export function buildResources(node: YamlNode | undefined): ResourcesManifest {
  return {
    ...defined({
      memory: optionalSize(node, 'memory'),
      cpus: optionalNumber(node, 'cpus'),
      pids: optionalNumber(node, 'pids'),
      shm: optionalSize(node, 'shm'),
      ulimits: buildUlimits(member(node, 'ulimits')),
    }),
  };
}

/** In order of name, so that their order in the file is no difference. */
function buildUlimits(node: YamlNode | undefined): Readonly<Record<string, Ulimit>> | undefined {
  const limits: Record<string, Ulimit> = {};
  for (const { key, value } of [...entries(node)].toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
    const both = value.kind === 'scalar' && typeof value.value === 'number' ? value.value : undefined;
    const soft = both ?? optionalNumber(value, 'soft');
    const hard = both ?? optionalNumber(value, 'hard');
    if (soft !== undefined && hard !== undefined) define(limits, key, { soft, hard });
  }
  return Object.keys(limits).length === 0 ? undefined : limits;
}

export function buildLogging(node: YamlNode | undefined): LoggingManifest | undefined {
  if (node === undefined) return undefined;
  return { driver: text(node, 'driver'), options: textRecord(node, 'options') };
}
