import { type Check, ok, warning } from '../check.ts';
import { engineOf, stackOf } from '../situation.ts';

export const cpuCheck: Check = {
  id: 'cpus',
  examine: async (situation) => {
    const cpus = engineOf(situation)?.cpus || situation.machine.cpus();
    const profile = stackOf(situation)?.profile;
    const needed = profile?.needs.cpus;
    const has = `${cpus} CPU${cpus === 1 ? '' : 's'}`;
    if (profile === undefined || needed === undefined) return ok(has);
    if (cpus >= needed) return ok(`${has} (${profile.name} needs ${needed})`);
    return warning({
      code: 'few-cpus',
      message: `The profile ${profile.name} needs ${needed} CPUs; there ${cpus === 1 ? 'is' : 'are'} ${cpus}.`,
      suggestion: 'expect slow starts; ingress and egress may refuse work for lack of idle CPU',
    });
  },
};
