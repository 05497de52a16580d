import type { Problem } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { ContainerPart } from '../build/service.ts';
import type { Draft } from '../draft.ts';
import type { BasePolicy } from '../model.ts';
import type { VolumeFormat } from '../model-needs.ts';
import { quote } from '../words.ts';
import { containersOf, formsOf } from './ports.ts';

type FormatPart = { part: ContainerPart; index: number; format: VolumeFormat };

/** Formats of data whose version could not be read, or not be compared. */
export function checkVolumeFormats(draft: Draft): readonly Problem[] {
  return formatsOf(formsOf(draft)).flatMap((found) => [...badPattern(found), ...missingVersion(found)]);
}

/** Warnings about data that one of the bases that a container may get writes and the other cannot read. */
export function findFormatGaps(draft: Draft): readonly Problem[] {
  return formatsOf(containersOf(draft)).flatMap(({ part, index, format }): Problem[] => {
    const { name, role, recipe } = part.manifest;
    const { reads } = format;
    if (recipe === undefined || reads.recipe === undefined || reads.recipe === reads.upstream) return [];
    if (policyOf({ draft, role }) !== 'auto') return [];
    const [older, newer] = reads.recipe < reads.upstream ? ['recipe', 'upstream'] : ['upstream', 'recipe'];
    return [
      {
        code: 'volume-format-differs',
        message: `Data that ${name} writes with the base of its ${newer} may be too new for the one of its ${older}, which reads version ${Math.min(reads.recipe, reads.upstream)} of the format and not ${Math.max(reads.recipe, reads.upstream)}.`,
        suggestion: `use only one of them, in arc.yaml: \`base_overrides: { ${role}: registry }\`, or \`local\` for the recipe`,
        location: placeOf(part, 'volumes', index, 'format', 'reads'),
      },
    ];
  });
}

function policyOf(options: { draft: Draft; role: string }): BasePolicy {
  const { bases, base_overrides } = options.draft.workspace.manifest;
  return base_overrides[options.role] ?? bases;
}

function formatsOf(containers: readonly ContainerPart[]): readonly FormatPart[] {
  return containers.flatMap((part) =>
    part.manifest.volumes.flatMap(({ format }, index) =>
      format === undefined ? [] : [{ part, index, format }],
    ),
  );
}

function badPattern({ part, index, format }: FormatPart): readonly Problem[] {
  const reason = patternProblem(format.pattern);
  if (reason === undefined) return [];
  return [
    {
      code: 'volume-format-pattern',
      message: `${quote(format.pattern)} ${reason}.`,
      suggestion: 'put the digits of the version in parentheses, as in ^REDIS(\\d{4})',
      location: placeOf(part, 'volumes', index, 'format', 'pattern'),
    },
  ];
}

/** Nothing if the schema has found it already. */
function patternProblem(pattern: string): string | undefined {
  if (pattern === '') return undefined;
  try {
    // An alternative that matches nothing shows the number of groups.
    const groups = (new RegExp(`${pattern}|`).exec('')?.length ?? 1) - 1;
    return groups === 0 ? 'has no group that is the version' : undefined;
  } catch (cause) {
    return `is not a regular expression: ${(cause as Error).message.replace(/^.*\/: /, '')}`;
  }
}

function missingVersion({ part, index, format }: FormatPart): readonly Problem[] {
  const { name, recipe } = part.manifest;
  if (recipe === undefined || format.reads.recipe !== undefined) return [];
  return [
    {
      code: 'volume-format-reads',
      message: `${name} has a recipe, but nothing says which data version the recipe's program reads.`,
      suggestion: 'add it: `reads: { upstream: 12, recipe: 10 }`',
      location: placeOf(part, 'volumes', index, 'format', 'reads'),
    },
  ];
}
