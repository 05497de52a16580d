import type { LeftOut } from '../app/left-out.ts';

/** One line for each container that has flavours: which one it is, and why. */
export function flavourNotes(
  containers: readonly { name: string; flavour?: { name: string; because: string } | null }[],
): readonly string[] {
  return containers.flatMap(({ name, flavour }) =>
    flavour ? [`${name} is the ${flavour.name} flavour: ${flavour.because}.`] : [],
  );
}

/** One line for each container that a flavour leaves out. */
export function leftOutNotes(leftOut: readonly LeftOut[]): readonly string[] {
  return leftOut.map(
    ({ name, flavour, because }) => `${name} is left out, in its flavour ${flavour}: ${because}.`,
  );
}

/** Text for people with notes below it, if there are any. */
export function withNotes(text: string, notes: readonly string[]): string {
  return notes.length === 0 ? text : `${text}\n\n${notes.join('\n')}`;
}
