import { type Command, Option } from 'commander';

/**
 * Adds the arguments and flags that select a part of the stack.
 *
 * @param fallback what the command works on if nothing is selected
 */
export function addSelection(command: Command, fallback = 'the default profile'): Command {
  return addChoices(
    command.argument('[selection...]', `profiles, services or containers (default: ${fallback})`),
  );
}

/** Adds the flags that change the selection: services to leave out, settings to override. */
export function addChoices(command: Command): Command {
  return command
    .addOption(repeatable('--without <role>', 'leave a service out, as if it did not exist (repeatable)'))
    .addOption(repeatable('--set <name=value>', 'override a setting, for example media=mux (repeatable)'));
}

/** A repeatable option. Its value is a list, empty by default. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect).default([]);
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}
