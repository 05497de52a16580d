import { script } from '@bomb.sh/tab';
import tab from '@bomb.sh/tab/commander';
import type { Command } from 'commander';
import { exitStatus } from '../../core/errors.ts';
import { loadWorkspace } from '../../workspace/load.ts';
import type { Cli, Handler } from '../cli.ts';

/**
 * The library's bash script assumes that it is read only once and that bash-completion is installed, which is not true
 * on a bare Debian.
 */
const bashPreamble = `[ "$(type -t __arc_complete)" = function ] && return 0 2>/dev/null
type _get_comp_words_by_ref >/dev/null 2>&1 || _get_comp_words_by_ref() {
    cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} words=("\${COMP_WORDS[@]}") cword=$COMP_CWORD
}
`;

export const printScript: Handler<{ shell: string }> = async ({ shell }, cli) => {
  if (shell === 'bash') cli.print(bashPreamble);
  script(shell, 'arc', 'arc');
  return exitStatus.done;
};

/** Completes commands and flags from the command table, and profiles, services and containers from the workspace. */
export const suggest: Handler<{ words: readonly string[]; program: Command }> = async (
  { words, program },
  cli,
) => {
  // The library adds its own commands, which must not collide with arc's.
  const mirror = program.createCommand('arc').enablePositionalOptions();
  for (const command of program.commands) {
    if (command.name() !== 'complete') mirror.addCommand(command);
  }
  for (const option of program.options) mirror.addOption(option);
  const table = tab(mirror, { completionCommandName: 'completion-script' });
  const names = await namesIn(cli);
  for (const command of table.commands.values()) {
    for (const argument of command.arguments.values()) {
      if (['selection', 'service', 'container', 'release'].includes(argument.name))
        argument.handler = (complete) => {
          for (const { name, description } of names) complete(name, description);
        };
    }
  }
  table.parse([...words]);
  return exitStatus.done;
};

/** Outside of a workspace, or in a broken one, there is nothing to complete, and no reason to complain. */
async function namesIn(cli: Cli): Promise<{ name: string; description: string }[]> {
  try {
    const { manifests } = await loadWorkspace({ cwd: cli.cwd });
    return [
      ...manifests.profiles,
      ...manifests.services.flatMap((service) => [service, ...service.sidecars, ...service.jobs]),
    ].map((one) => ({ name: 'role' in one ? one.role : one.name, description: one.description }));
  } catch {
    return [];
  }
}
