// The command table of README.md, from the flags and descriptions that `arc --help` shows.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import type { CommandRegistration } from '../src/cli/cli.ts';

const source = join(import.meta.dirname, '..', 'src');

/**
 * The command line as src/main.ts builds it, without what would run it: importing that file starts arc. Its list
 * says which commands there are, and in which order.
 */
export async function commandTable(): Promise<Command> {
  const main = readFileSync(join(source, 'main.ts'), 'utf8');
  const list = /const commands: [^{]*\{([^}]*)\}/.exec(main)?.[1] ?? '';
  const root = new Command('arc').enablePositionalOptions();
  for (const [name] of list.matchAll(/\w+/g)) {
    const module = (await import(join(source, 'cli', name, `${name}.command.ts`))) as Record<
      string,
      CommandRegistration
    >;
    module[name]?.(root, async () => {});
  }
  root.version('0', '-V, --version').helpOption('-h, --help');
  for (const [, flags = ''] of main.matchAll(/new Option\('([^']+)'/g)) root.option(flags);
  return root;
}

/** A Markdown table: each command, and below it those that it groups. */
export async function describeCommands(): Promise<string> {
  const visible = (command: Command): readonly Command[] => command.createHelp().visibleCommands(command);
  const rows = visible(await commandTable())
    .filter((command) => command.name() !== 'help')
    .flatMap((command) => [
      row(command.name(), command),
      ...visible(command)
        .filter((inner) => inner.name() !== 'help')
        .map((inner) => row(`${command.name()} ${inner.name()}`, inner)),
    ]);
  return ['| command | what it does |', '| --- | --- |', ...rows].join('\n');
}

function row(name: string, command: Command): string {
  // What help shows, too: arguments, without what every command has.
  const words = command
    .usage()
    .replace(/\[(options|command)\]/g, '')
    .trim();
  return `| \`arc ${`${name} ${words}`.trim()}\` | ${command.description().replaceAll('|', '\\|')} |`;
}
