import type { Problem } from '../../core/errors.ts';
import type { ProvisionPart } from '../build/provision.ts';
import { partsOf, placeOf } from '../build/read.ts';
import type { ServicePart } from '../build/service.ts';
import type { Draft } from '../draft.ts';
import { checkNode } from '../schema/check.ts';
import { explainFindings } from '../schema/explain.ts';
import { provisionKinds, provisionSchema } from '../schema/load.ts';
import { quote } from '../words.ts';

/** What is provisioned is of a known kind, has what its kind's schema asks for, and is there once. */
export function checkProvision(draft: Draft): readonly Problem[] {
  return draft.services.flatMap((service) => [
    ...missingLists(draft, service),
    ...service.provision.problems,
    ...service.provision.parts.flatMap((part) => checkKind(draft, part)),
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

function checkKind(draft: Draft, part: ProvisionPart): readonly Problem[] {
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
  // That `name` is missing has been found by the manifest's own schema.
  const findings = checkNode({ ...document, node: part.node }).filter(
    (finding) => finding.kind !== 'missing' || finding.property !== 'name',
  );
  return explainFindings({ findings, source: part.source });
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
