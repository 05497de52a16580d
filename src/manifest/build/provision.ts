import type { Data } from '../../core/data.ts';
import { defined } from '../../core/defined.ts';
import type { Problem } from '../../core/errors.ts';
import type { ProvisionManifest } from '../model-provision.ts';
import { readDocument } from '../read-document.ts';
import { provisionListSchema, provisionSchema } from '../schema/load.ts';
import { items, type YamlNode } from '../yaml/tree.ts';
import { filesOf, type NamedFiles, namedFiles } from './named-files.ts';
import { plainData } from './plain.ts';
import { type Part, partsOf, placeOf, text } from './read.ts';

/** Something provisioned, with the part of the file that it is from. */
export type ProvisionPart = Part & { manifest: ProvisionManifest; named?: NamedFiles };

/** Everything that a service's manifest provisions, in order, and the problems of the files that it names. */
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
    if (entry.node?.kind === 'mapping') parts.push(buildPart({ ...entry, folder, files }));
    if (entry.node?.kind !== 'scalar') continue;
    const file = `${folder}/${entry.node.text}`;
    const content = files.get(file);
    if (content === undefined) continue;
    const list = readDocument({ file, content, schema: provisionListSchema, mayBeEmpty: false });
    problems.push(...list.problems);
    const { source } = list;
    if (source !== undefined)
      parts.push(...items(list.node).map((node) => buildPart({ source, node, folder, files })));
  }
  return { parts, problems };
}

function buildPart(options: Part & Named): ProvisionPart {
  const { folder, files, ...part } = options;
  const kind = text(part.node, 'kind');
  const { fields, named } = fieldsOf({ kind, node: part.node });
  const paths = (named?.patterns ?? []).flatMap((pattern) => filesOf({ pattern, folder, files }));
  return {
    ...part,
    ...defined({ named }),
    manifest: {
      kind,
      name: text(part.node, 'name'),
      fields,
      files: [...new Set(paths)],
      location: placeOf(part),
    },
  };
}

/** Where the files are that an entry may name. */
type Named = { folder: string; files: ReadonlyMap<string, string | Uint8Array> };

function fieldsOf(options: { kind: string; node: YamlNode | undefined }): {
  fields: Readonly<Record<string, Data>>;
  named?: NamedFiles | undefined;
} {
  const { kind, node } = options;
  const document = provisionSchema(kind);
  if (document === undefined || node?.kind !== 'mapping') return { fields: {} };
  const data = plainData({ document, schema: document.schema, node });
  const fields = (data ?? {}) as Readonly<Record<string, Data>>;
  const named = namedFiles({ document, fields });
  const apart = new Set(['kind', 'name', named?.field]);
  return { fields: Object.fromEntries(Object.entries(fields).filter(([name]) => !apart.has(name))), named };
}
