import type { BootableStack, Stack } from './model.ts';

/**
 * The stack without some of its containers, and without those that cannot run without them. The rest stays as it was
 * resolved: a file that mentions an absent container still does.
 *
 * @returns also the roles that went, each with the absent one that it needs
 */
export function reduceStack<Reduced extends Stack | BootableStack>(options: {
  stack: Reduced;
  absent: ReadonlySet<string>;
}): {
  stack: Reduced;
  gone: ReadonlyMap<string, string>;
} {
  const { stack } = options;
  const gone = new Map<string, string>();
  // Containers stand in dependency order, so one pass sees every dependency before its dependents.
  for (const { role, dependsOn } of stack.containers) {
    const missing = options.absent.has(role)
      ? role
      : dependsOn.find((dependency) => gone.has(dependency.role))?.role;
    if (missing !== undefined) gone.set(role, missing);
  }
  const stays = (role: string): boolean => !gone.has(role);
  return {
    stack: {
      ...stack,
      containers: stack.containers.filter(({ role }) => stays(role)),
      volumes: stack.volumes.filter(({ role }) => stays(role)),
      layers: stack.layers.map((layer) => layer.filter(stays)).filter((layer) => layer.length > 0),
      criticalPath: stack.criticalPath.filter(stays),
    },
    gone,
  };
}
