import { type NamedPort, portProblem } from '../../host/port-problem.ts';
import type { ResolvedStack } from '../../stack/model.ts';
import { type Check, missing, ok, skipped } from '../check.ts';
import { engineOf, stackOf } from '../situation.ts';

export const portCheck: Check = {
  id: 'ports',
  examine: async (situation) => {
    const stack = stackOf(situation);
    if (!stack) return [];
    const engine = engineOf(situation);
    if (engine && !engine.local) return skipped(`host ports: they are on the machine of ${engine.address}`);
    const ports = wantedPorts(stack);
    const names = new Set(stack.containers.map(({ name }) => name));
    const held = await situation.machine.portHolders({
      ports,
      // A container of the same name is the stack's own, whoever made it: the plan deals with it.
      containers: (engine?.running ?? []).map(({ name, project, ports }) => ({
        name,
        ports,
        own: project === stack.project || names.has(name),
      })),
    });
    if (held.length > 0) return held.flatMap((port) => missing(portProblem(port)));
    const count = ports.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    return ok(`no host port of ${stack.selection.join(', ')} is held by somebody else (${count} looked at)`);
  },
};

/** Every host port of a stack, with what people call it. */
export function wantedPorts(stack: ResolvedStack): readonly NamedPort[] {
  return stack.containers.flatMap((container) =>
    container.ports.map(({ protocol, bind, host, name }) => ({
      protocol,
      bind,
      first: host.first,
      last: host.last,
      container: container.name,
      name,
      file: `${container.image.folder}/service.yaml`,
    })),
  );
}
