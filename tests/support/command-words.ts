import type { Command } from 'commander';

/**
 * What of a command line of arc does not exist.
 *
 * @param table the command line, as `commandTable` of scripts/docs-commands.ts gives it
 * @param line with the program in front: `arc up think`, `./bin/arc up think`
 */
export function unknownParts(table: Command, line: string): readonly string[] {
  const [, ...words] = line.replace(/^(sudo )?(\.\/bin\/)?/, '').split(/\s+/);
  let command: Command = table;
  const unknown: string[] = [];
  for (const word of words) {
    // What follows is for another program.
    if (word === '--') break;
    const flag = word.split('=')[0] ?? '';
    if (word.startsWith('-')) {
      const known = [...command.options, ...table.options].some(({ long, short }) =>
        [long, short].includes(flag),
      );
      if (!known) unknown.push(word);
      continue;
    }
    const inner = command.commands.find((each) => each.name() === word);
    if (inner !== undefined) command = inner;
    else if (command === table && !['help', '<command>'].includes(word)) unknown.push(word);
    if (word === 'help') break;
  }
  return unknown;
}
