import { type Command, Option } from 'commander';

/** Adds the arguments and flags that say what of the stack is meant. */
export function addSelection(command: Command): Command {
  return addChoices(
    command.argument('[selection...]', 'profiles, services or containers; the default profile where absent'),
  );
}

/** Adds the flags that say how what is meant is to be. */
export function addChoices(command: Command): Command {
  return command
    .addOption(repeatable('--without <role>', 'leave a service out, as if it did not exist (repeatable)'))
    .addOption(repeatable('--set <name=value>', 'override a setting, for example media=mux (repeatable)'));
}

/** An option that can be given several times; its values are a list, which is empty where it is not given. */
export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect).default([], 'none');
}

function collect(value: string, previous: readonly string[]): readonly string[] {
  return [...previous, value];
}
