import { type Check, type Finding, missing, ok, warning } from '../check.ts';
import { engineOf, type Situation, stackOf } from '../situation.ts';
import { formatSize } from '../size.ts';

export const memoryCheck: Check = {
  id: 'memory',
  examine: async (situation) => {
    const profile = stackOf(situation)?.profile;
    const needed = profile?.needs.memory;
    const { total, available } = memoryForContainers(situation);
    const summary = `${formatSize(total)} of memory${available === undefined ? '' : `, ${formatSize(available)} available`}`;
    if (profile === undefined || needed === undefined) return ok(summary);
    const what = `The profile ${profile.name} needs ${formatSize(needed)} of memory`;
    if (total < needed) {
      return missing({
        code: 'not-enough-memory',
        message: `${what}, but there is only ${formatSize(total)}.`,
        suggestion: 'give it more (Docker Desktop: Settings → Resources), or boot less: arc up cache storage',
      });
    }
    return (
      shortage(situation, needed, what) ?? ok(`${summary} (${profile.name} needs ${formatSize(needed)})`)
    );
  },
};

/** Enough in all, but not for this process's container, or not now. */
function shortage(situation: Situation, needed: number, what: string): readonly Finding[] | undefined {
  const own = situation.machine.memory();
  const engine = engineOf(situation);
  if (own.limited && own.total < needed && engine?.local !== false) {
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
  if (available === undefined || available >= needed || running) return undefined;
  return warning({
    code: 'memory-low',
    message: `${what}, but only ${formatSize(available)} of ${formatSize(total)} is available now.`,
    suggestion: 'close other programs, or the kernel may kill containers when memory runs out',
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
