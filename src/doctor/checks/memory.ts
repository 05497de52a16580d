import { type MemoryNeeds, memoryNeeds } from '../../stack/memory.ts';
import { type Check, type Finding, missing, ok, warning } from '../check.ts';
import { engineOf, type Situation, stackOf } from '../situation.ts';
import { formatSize } from '../size.ts';

/**
 * Holds the bounds of the containers (`resources.memory`) against the memory where they run. A container alone must be
 * able to reach its bound. All of them together seldom do, so a machine with less than their sum is only warned of.
 */
export const memoryCheck: Check = {
  id: 'memory',
  examine: async (situation) => {
    const { total, available } = memoryForContainers(situation);
    const summary = `${formatSize(total)} of memory${available === undefined ? '' : `, ${formatSize(available)} available`}`;
    const needs = memoryNeeds(stackOf(situation)?.containers ?? []);
    const { largest, most } = needs;
    if (largest === undefined) return ok(summary);
    const what = `${largest.name} may take ${formatSize(largest.bytes)} of memory`;
    if (total < largest.bytes) {
      return missing({
        code: 'not-enough-memory',
        message: `${what}, but there is only ${formatSize(total)}.`,
        suggestion: 'give it more (Docker Desktop: Settings → Resources), or boot less: arc up cache storage',
      });
    }
    return (
      shortage({ situation, needs, what }) ?? ok(`${summary} (all containers may take ${formatSize(most)})`)
    );
  },
};

/** Enough in all, but not for this process's container, not now, or not for all at the same time. */
function shortage(options: {
  situation: Situation;
  needs: MemoryNeeds;
  /** The largest container in words. */
  what: string;
}): readonly Finding[] | undefined {
  const { situation, what } = options;
  const { largest, most } = options.needs;
  const least = largest?.bytes ?? 0;
  const own = situation.machine.memory();
  const engine = engineOf(situation);
  if (own.limited && own.total < least && engine?.local !== false) {
    return warning({
      code: 'memory-low',
      message: `${what}, but this container is limited to ${formatSize(own.total)}.`,
      suggestion: 'raise its limit if the Docker Engine runs inside it; otherwise this does not matter',
    });
  }
  const { total, available } = memoryForContainers(situation);
  const project = stackOf(situation)?.project;
  // Memory that the running stack itself uses counts as available.
  const running = engine?.running.some((container) => container.project === project) ?? false;
  if (available !== undefined && available < least && !running) {
    return warning({
      code: 'memory-low',
      message: `${what}, but only ${formatSize(available)} of ${formatSize(total)} is available now.`,
      suggestion: 'close other programs, or the kernel may kill containers when memory runs out',
    });
  }
  if (total >= most) return undefined;
  return warning({
    code: 'memory-tight',
    message: `The containers may take ${formatSize(most)} of memory together, and the machine has ${formatSize(total)}.`,
    suggestion: 'enough unless all are busy at once; `arc top` shows what each takes and may take',
  });
}

/** Memory where containers run: on the Engine's machine, which may be a virtual or a remote one. */
function memoryForContainers(situation: Situation): { total: number; available?: number } {
  const engine = engineOf(situation);
  const own = situation.machine.memory();
  if (!engine) return own;
  return engine.sameKernel && !own.limited
    ? { total: engine.memory, available: own.available }
    : { total: engine.memory };
}
