/** A phony target. Each line of its recipe runs in a shell of its own, and is not echoed. */
export type Target = { name: string; needs?: readonly string[]; recipe: readonly string[] };

/** Joins the parts of one shell command that is written over several lines. */
export const onNextLine = ' \\\n\t  ';

/** The text of a target. */
export function target({ name, needs = [], recipe }: Target): string {
  const lines = recipe.map((line) => `\t@${line}\n`);
  return `.PHONY: ${name}\n${[`${name}:`, ...needs].join(' ')}\n${lines.join('')}`;
}

/** A recipe line that prints text as it is. */
export function print(lines: readonly string[]): string {
  const quoted = lines.map((line) => `'${line.replaceAll("'", `'\\''`).replaceAll('$', '$$$$')}'`);
  return `printf '%s\\n'${onNextLine}${quoted.join(onNextLine)}`;
}
