/** One line for each container that has flavours: which one it is, and why. */
export function flavourNotes(
  containers: readonly { name: string; flavour?: { name: string; because: string } | null }[],
): readonly string[] {
  return containers.flatMap(({ name, flavour }) =>
    flavour ? [`${name} is the ${flavour.name} flavour: ${flavour.because}.`] : [],
  );
}

/** Text for people with notes below it, if there are any. */
export function withNotes(text: string, notes: readonly string[]): string {
  return notes.length === 0 ? text : `${text}\n\n${notes.join('\n')}`;
}
