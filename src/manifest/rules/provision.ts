import { posix } from 'node:path';
import type { Problem } from '../../core/errors.ts';
import { maximumFileSize } from '../../core/text.ts';
import { filesOf } from '../build/named-files.ts';
import type { ProvisionPart } from '../build/provision.ts';
import { partsOf, placeOf } from '../build/read.ts';
import type { ServicePart } from '../build/service.ts';
import type { Draft } from '../draft.ts';
import { filesBelow } from '../files-below.ts';
import { checkNode } from '../schema/check.ts';
import { explainFindings } from '../schema/explain.ts';
import { provisionKinds, provisionSchema } from '../schema/load.ts';
import { quote } from '../words.ts';

/** Every provisioned object has a known kind, matches the schema of that kind, and is declared once. */
export function checkProvision(draft: Draft): readonly Problem[] {
  return draft.services.flatMap((service) => [
    ...missingLists(draft, service),
    ...service.provision.problems,
    ...service.provision.parts.flatMap((part) => checkKind({ draft, service, part })),
    ...findTwins(service.provision.parts),
  ]);
}

function missingLists(draft: Draft, service: ServicePart): readonly Problem[] {
  const { folder } = service.manifest;
  return partsOf(service, 'provision').flatMap(({ node }, index): Problem[] => {
    if (node?.kind !== 'scalar' || draft.files.has(`${folder}/${node.text}`)) return [];
    const known = [...draft.files.keys()]
      .filter((path) => path.startsWith(`${folder}/`) && /\.ya?ml$/.test(path))
      .map((path) => path.slice(folder.length + 1))
      .filter((path) => path !== 'service.yaml');
    return [
      {
        code: 'missing-file',
        message: `The file ${folder}/${node.text} does not exist.`,
        ...draft.didYouMean(node.text, () => known),
        location: placeOf(service, 'provision', index),
      },
    ];
  });
}

function checkKind(options: { draft: Draft; service: ServicePart; part: ProvisionPart }): readonly Problem[] {
  const { draft, service, part } = options;
  const { kind } = part.manifest;
  // Without a kind there is a problem of the manifest's own schema already.
  if (kind === '' || part.node === undefined) return [];
  const document = provisionSchema(kind);
  if (document === undefined) {
    return [
      {
        code: 'unknown-kind',
        message: `Nothing that arc can provision is of the kind ${quote(kind)}.`,
        ...draft.didYouMean(kind, provisionKinds),
        location: placeOf(part, 'kind'),
      },
    ];
  }
  // The manifest's own schema has reported a missing `name`.
  const findings = checkNode({ ...document, node: part.node }).filter(
    (finding) => finding.kind !== 'missing' || finding.property !== 'name',
  );
  return [...explainFindings({ findings, source: part.source }), ...checkFiles({ draft, service, part })];
}

/** Files that an entry names: each pattern means one, and arc has read all of it. */
function checkFiles(options: {
  draft: Draft;
  service: ServicePart;
  part: ProvisionPart;
}): readonly Problem[] {
  const { draft, service, part } = options;
  const { folder } = service.manifest;
  const { field = '', patterns = [] } = part.named ?? {};
  const location = placeOf(part, field);
  const missing = patterns
    .filter((pattern) => filesOf({ pattern, folder, files: draft.files }).length === 0)
    .map((pattern): Problem => {
      const known = filesBelow(draft.files, folder).map((path) =>
        posix.dirname(path.slice(folder.length + 1)),
      );
      return {
        code: 'missing-file',
        message: `Nothing in ${folder} has the name or matches the pattern ${quote(pattern)}.`,
        ...draft.didYouMean(pattern, () => new Set(known.filter((path) => path !== '.'))),
        location,
      };
    });
  const large = part.manifest.files
    .filter((file) => (draft.files.get(file)?.length ?? 0) > maximumFileSize)
    .map(
      (file): Problem => ({
        code: 'file-too-large',
        message: `${file} is larger than 1 MiB, the most that arc reads of a file.`,
        suggestion: 'split it',
        location,
      }),
    );
  return [...missing, ...large];
}

function findTwins(parts: readonly ProvisionPart[]): readonly Problem[] {
  const first = new Map<string, ProvisionPart>();
  return parts.flatMap((part): Problem[] => {
    const { kind, name } = part.manifest;
    const twin = first.get(`${kind} ${name}`);
    if (kind === '' || name === '') return [];
    if (twin === undefined) {
      first.set(`${kind} ${name}`, part);
      return [];
    }
    const { file, line } = twin.manifest.location;
    return [
      {
        code: 'duplicate-provision',
        message: `The ${kind} ${name} is provisioned twice; the other is in ${file}:${line}.`,
        suggestion: 'remove one of the two',
        location: placeOf(part, 'name'),
      },
    ];
  });
}
