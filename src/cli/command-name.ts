/**
 * The command among what was typed, for events: `['--json', 'up', '--timeout', 'soon']` → `up`; empty where there is
 * none. A flag may stand before it, and `--directory` takes the word behind it.
 */
export function commandName(words: readonly string[]): string {
  const isCommand = (word: string, at: number): boolean =>
    !word.startsWith('-') && !['-C', '--directory'].includes(words[at - 1] ?? '');
  return words.find(isCommand) ?? '';
}
