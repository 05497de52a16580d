/**
 * Finds the command in the typed words, for events: `['--json', 'up', '--timeout', 'soon']` → `up`; empty if there is
 * none. Flags may precede it, and `--directory` takes the next word.
 */
export function commandName(words: readonly string[]): string {
  const isCommand = (word: string, at: number): boolean =>
    !word.startsWith('-') && !['-C', '--directory'].includes(words[at - 1] ?? '');
  return words.find(isCommand) ?? '';
}
