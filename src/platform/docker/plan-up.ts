import { makePlan } from '../../core/plan.ts';
import type { Plan } from '../../core/step.ts';
import { compile, type Wishes } from './compile.ts';
import { dockerDrivers } from './drivers/all.ts';
import { seenOn } from './seen.ts';

/**
 * The plan to have every container of the stack running and healthy, and every job done. Containers are created ahead
 * of time and start as soon as their own dependencies are healthy. Data volumes are always kept.
 *
 * @throws ArcError `container-name-taken` or `volume-taken` if a name is used by what is not this project's
 */
export function planUp(wishes: Wishes): Plan {
  const { stack, snapshot, dependents = [], inside } = wishes;
  const containers = [...stack.containers, ...dependents];
  return makePlan({
    project: stack.project,
    wanted: compile(wishes),
    seen: new Map([...seenOn({ snapshot, containers }), ...(inside?.seen ?? [])]),
    drivers: new Map([...dockerDrivers, ...(inside?.deciders ?? [])]),
    ...(inside && { asked: inside.asked, unwanted: inside.unwanted.keys() }),
  });
}

/** Restarts the running containers of `roles`, and boots the rest of the stack. */
export function planRestart(options: Omit<Wishes, 'force'> & { roles: ReadonlySet<string> }): Plan {
  const { roles, ...rest } = options;
  return planUp({ ...rest, force: { how: 'restart', roles } });
}
