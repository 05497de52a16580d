import type { Problem } from '../../core/errors.ts';
import type { Data, ProvisionManifest } from '../model-provision.ts';
import { readDocument } from '../read-document.ts';
import { provisionListSchema, provisionSchema } from '../schema/load.ts';
import { items, type YamlNode } from '../yaml/tree.ts';
import { plainData } from './plain.ts';
import { type Part, partsOf, placeOf, text } from './read.ts';

/** Something provisioned, with the part of the file that it is from. */
export type ProvisionPart = Part & { manifest: ProvisionManifest };

/** All that a service's manifest provisions, in order, and what is wrong with the files that it names for it. */
export type Provision = { parts: readonly ProvisionPart[]; problems: readonly Problem[] };

/** Reads `provision:`, and the lists in the files that it names. A file that is not there is found by the rules. */
export function buildProvision(options: {
  part: Part;
  folder: string;
  files: ReadonlyMap<string, string | Uint8Array>;
}): Provision {
  const { part, folder, files } = options;
  const parts: ProvisionPart[] = [];
  const problems: Problem[] = [];
  for (const entry of partsOf(part, 'provision')) {
    if (entry.node?.kind === 'mapping') parts.push(buildPart(entry));
    if (entry.node?.kind !== 'scalar') continue;
    const file = `${folder}/${entry.node.text}`;
    const content = files.get(file);
    if (content === undefined) continue;
    const list = readDocument({ file, content, schema: provisionListSchema, mayBeEmpty: false });
    problems.push(...list.problems);
    const { source } = list;
    if (source !== undefined) parts.push(...items(list.node).map((node) => buildPart({ source, node })));
  }
  return { parts, problems };
}

function buildPart(part: Part): ProvisionPart {
  const kind = text(part.node, 'kind');
  return {
    ...part,
    manifest: {
      kind,
      name: text(part.node, 'name'),
      fields: fieldsOf({ kind, node: part.node }),
      location: placeOf(part),
    },
  };
}

function fieldsOf(options: { kind: string; node: YamlNode | undefined }): Readonly<Record<string, Data>> {
  const { kind, node } = options;
  const document = provisionSchema(kind);
  if (document === undefined || node?.kind !== 'mapping') return {};
  const data = plainData({ document, schema: document.schema, node });
  return Object.fromEntries(
    Object.entries(data ?? {}).filter(([name]) => name !== 'kind' && name !== 'name'),
  );
}
