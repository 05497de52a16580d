import { type NamedPort, portProblem } from '../../host/port-problem.ts';
import { publishedHolders } from '../../host/ports.ts';
import type { Stack } from '../../stack/model.ts';
import { type Check, missing, ok } from '../check.ts';
import { engineOf, stackOf } from '../situation.ts';

export const portCheck: Check = {
  id: 'ports',
  examine: async (situation) => {
    const stack = stackOf(situation);
    if (!stack) return [];
    const engine = engineOf(situation);
    const ports = wantedPorts(stack);
    const names = new Set(stack.containers.map(({ name }) => name));
    // A container with the stack's own name is no obstacle, whoever created it: the plan handles it.
    const containers = (engine?.running ?? []).map(({ name, project, ports }) => ({
      name,
      ports,
      own: project === stack.project || names.has(name),
    }));
    const elsewhere = engine?.local === false;
    const held = elsewhere
      ? publishedHolders({ ports, containers })
      : await situation.machine.portHolders({ ports, containers });
    if (held.length > 0) return held.flatMap((port) => missing(portProblem(port)));
    const count = ports.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    const selection = stack.selection.join(', ');
    if (elsewhere)
      return ok(
        `no container of ${engine.address} holds a host port of ${selection} (${count} checked); arc cannot see other programs there`,
      );
    return ok(`no host port of ${selection} is held by another program (${count} checked)`);
  },
};

/** Every host port of a stack, with what people call it. */
export function wantedPorts(stack: Stack): readonly NamedPort[] {
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
