import { boot } from '../../app/boot.ts';
import { containerOf } from '../../app/images-in-use.ts';
import type { BootOptions } from '../../app/request.ts';
import { exitStatus } from '../../core/errors.ts';
import type { Manifests } from '../../manifest/model.ts';
import { planRestart } from '../../platform/docker/plan-up.ts';
import type { Snapshot } from '../../platform/docker/snapshot.ts';
import type { ResolvedStack } from '../../stack/model.ts';
import { selectedRoles } from '../../stack/selection.ts';
import { bootAnswer } from '../boot-answer.ts';
import type { Handler } from '../cli.ts';

/**
 * Stops and starts what is named, and nothing that it merely needs; everything where nothing is named. What is not
 * named stays as it was made, for whoever restarts one container does not mean to apply what has changed of others.
 */
export const restart: Handler<BootOptions> = async (options, cli) => {
  const named = ({
    stack,
    manifests,
  }: {
    stack: ResolvedStack;
    manifests: Manifests;
  }): ReadonlySet<string> =>
    options.selection.length === 0
      ? new Set(stack.containers.map(({ role }) => role))
      : selectedRoles({ manifests, selection: options.selection, without: options.without });
  const booted = await boot({
    cli,
    request: options,
    command: 'restart',
    asMade: (given) => existingBut({ ...given, roles: named(given) }),
    plan: (given) => planRestart({ ...given, roles: named(given) }),
  });
  cli.result(bootAnswer({ booted, program: cli.program, columns: cli.columns }));
  return exitStatus.done;
};

function existingBut(options: {
  roles: ReadonlySet<string>;
  stack: ResolvedStack;
  snapshot: Snapshot;
}): ReadonlySet<string> {
  const { roles, stack, snapshot } = options;
  const others = stack.containers.map(({ role }) => role).filter((role) => !roles.has(role));
  return new Set(others.filter((role) => containerOf({ role, snapshot }) !== undefined));
}
