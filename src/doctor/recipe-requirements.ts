import type { BaseBuild } from '../images/context.ts';
import { type RecipeTool, recipeTools } from '../images/recipes/tools.ts';
import type { Requirement } from './requirement.ts';

/** The requirements of recipes on this machine, one per tool. */
export function requirementsOf(builds: readonly BaseBuild[]): readonly Requirement[] {
  const roles = new Map<RecipeTool, Set<string>>();
  for (const { role, kinds } of builds) {
    for (const kind of kinds) {
      const tool = recipeTools[kind];
      if (tool === undefined) continue;
      const wanting = roles.get(tool) ?? new Set();
      roles.set(tool, wanting.add(role));
    }
  }
  return Array.from(roles, ([tool, wanting]) => ({
    ...tool,
    because: `the base${wanting.size === 1 ? '' : 's'} of ${[...wanting].join(', ')} cannot be built here without it`,
  }));
}
