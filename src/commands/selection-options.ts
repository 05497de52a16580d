import { type Command, Option } from 'commander';
import { invalid } from '../errors.ts';

/** Flags of every command that works on a selection of the stack. */
export type SelectionOptions = {
  selection: readonly string[];
  without: readonly string[];
  set: readonly string[];
};

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

/**
 * `['media=mux']` → `{ media: 'mux' }`.
 *
 * @throws ArcError `bad-flag` where there is no `=`
 */
export function parseAssignments(assignments: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    assignments.map((assignment) => {
      const at = assignment.indexOf('=');
      if (at < 1)
        throw invalid({
          code: 'bad-flag',
          message: `--set takes name=value, and got "${assignment}".`,
          suggestion: 'for example --set media=mux; `arc explain realtime` lists the settings',
        });
      return [assignment.slice(0, at), assignment.slice(at + 1)];
    }),
  );
}
