import { invalid, type Problem } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import { anyFlavour, flavourNames, ownFlavour } from '../manifest/flavours.ts';
import { allFlavourNames, type FlavourChoices } from './flavours.ts';
import { unknownName } from './selection.ts';
import type { Entry, WorkspaceIndex } from './workspace-index.ts';

/**
 * Refuses flags that choose a flavour which is not there, or for what is not there or has no choice.
 *
 * @throws ArcError `unknown-name`, `no-flavours`, `unknown-flavour`
 */
export function checkFlavourChoices(options: { index: WorkspaceIndex; choices: FlavourChoices }): void {
  const { index, choices } = options;
  if (choices.all !== undefined) {
    const known = [anyFlavour, ownFlavour, ...allFlavourNames(index)];
    if (!known.includes(choices.all))
      throw invalid(
        unknownFlavour({ message: `No container has a flavour ${choices.all}.`, name: choices.all, known }),
      );
  }
  for (const [role, name] of Object.entries(choices.byRole)) checkOne({ index, role, name });
}

function checkOne(options: { index: WorkspaceIndex; role: string; name: string }): void {
  const { index, role, name } = options;
  const { entries } = index;
  const entry = entries.get(role);
  if (entry === undefined)
    throw invalid(unknownName({ name: role, known: entries.keys(), option: '--flavour ' }));
  if (entry.kind === 'job' || entry.manifest.flavours === undefined) {
    const others = [...entries.values()].filter(hasFlavours).map((other) => other.role);
    throw invalid({
      code: 'no-flavours',
      message: `--flavour chooses a flavour for ${role}, which has only one.`,
      suggestion: others.length === 0 ? 'leave it out' : `these have several: ${others.join(', ')}`,
    });
  }
  const known = [anyFlavour, ...flavourNames(entry.manifest)];
  if (!known.includes(name))
    throw invalid(unknownFlavour({ message: `${role} has no flavour ${name}.`, name, known }));
}

function hasFlavours(entry: Entry): boolean {
  return entry.kind === 'service' && entry.manifest.flavours !== undefined;
}

function unknownFlavour(options: { message: string; name: string; known: readonly string[] }): Problem {
  const { message, name, known } = options;
  const meant = nearest(name, known);
  return {
    code: 'unknown-flavour',
    message,
    suggestion: meant === undefined ? `choose one of: ${known.join(', ')}` : `did you mean \`${meant}\`?`,
  };
}
