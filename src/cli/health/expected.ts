import type { ObservedContainer } from '../../platform/docker/snapshot.ts';
import type { ResolvedContainer } from '../../stack/model.ts';

/**
 * Which of what was named has to be there. The name of a service stands for all of its containers, and a boot may have
 * left some of them out: `arc up realtime --without cache` boots no ingress. Pure.
 *
 * @param options.selection as typed
 * @param options.named the roles that it stands for
 * @param options.there what the Engine has of the project, by role
 */
export function expectedRoles(options: {
  containers: readonly ResolvedContainer[];
  selection: readonly string[];
  named: ReadonlySet<string>;
  there: ReadonlyMap<string, ObservedContainer>;
}): ReadonlySet<string> {
  const { containers, selection, named, there } = options;
  const isNamedItself = ({ role, name }: ResolvedContainer): boolean =>
    selection.includes(role) || selection.includes(name);
  return new Set(
    containers
      .filter(({ role }) => named.has(role))
      .filter((one) => there.has(one.role) || isNamedItself(one) || wasBooted(one, there))
      .map(({ role }) => role),
  );
}

/** Whether the boots that created the existing containers of its service included it, as far as labels tell. */
function wasBooted(
  { role, service }: ResolvedContainer,
  there: ReadonlyMap<string, ObservedContainer>,
): boolean {
  const siblings = [...there.values()].filter((other) => other.service === service);
  return (
    siblings.length === 0 || siblings.some(({ booted }) => booted === undefined || booted.includes(role))
  );
}
