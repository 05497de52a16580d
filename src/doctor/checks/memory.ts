import { type Check, missing, ok, warning } from '../check.ts';
import { engineOf, type Situation, stackOf } from '../situation.ts';
import { formatSize } from '../size.ts';

export const memoryCheck: Check = {
  id: 'memory',
  examine: async (situation) => {
    const { total, available, owner } = memoryForContainers(situation);
    const stack = stackOf(situation);
    const needed = stack?.profile?.needs.memory;
    const summary = `${formatSize(total)} of memory${available === undefined ? '' : `, ${formatSize(available)} available`}`;
    if (stack?.profile === undefined || needed === undefined) return ok(summary);
    const what = `The profile ${stack.profile.name} needs ${formatSize(needed)} of memory`;
    if (total < needed) {
      return missing({
        code: 'not-enough-memory',
        message: `${what}, and ${owner} has ${formatSize(total)}.`,
        suggestion: 'give it more (Docker Desktop: Settings → Resources), or boot less: arc up cache storage',
      });
    }
    const running = engineOf(situation)?.running.some(({ project }) => project === stack.project) ?? false;
    // What the stack itself uses while it runs is not missing.
    if (available !== undefined && available < needed && !running) {
      return warning({
        code: 'memory-low',
        message: `${what}, and ${formatSize(available)} of ${formatSize(total)} are available now.`,
        suggestion: 'close other programs, or the kernel may end containers that are out of memory',
      });
    }
    return ok(`${summary} (${stack.profile.name} needs ${formatSize(needed)})`);
  },
};

/** Memory where containers run: on the Engine's machine, which may be a virtual or a remote one. */
function memoryForContainers(situation: Situation): { total: number; available?: number; owner: string } {
  const engine = engineOf(situation);
  const memory = situation.machine.memory();
  if (engine && !engine.sameKernel) return { total: engine.memory, owner: 'the Docker Engine' };
  return { ...memory, owner: memory.limited ? 'this container' : 'this machine' };
}
