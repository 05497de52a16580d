import { writeFileSync } from 'node:fs';
import { failed } from '../../core/errors.ts';
import { startStep } from '../../core/report-step.ts';
import type { UdpBuffers } from '../../providers/provider.ts';
import { type Check, ok, type Repair, type RepairTools, skipped, warning } from '../check.ts';
import { engineOf, type Situation } from '../situation.ts';

const setting = 'net.core.rmem_max';

/** Kernel settings for servers of the stack that receive media over UDP. Without such a server there is no check. */
export const udpBufferCheck: Check = {
  id: 'udp-buffers',
  examine: async (situation) => {
    const [most] = situation.udpBuffers.toSorted((a, b) => b.least - a.least);
    if (most === undefined) return [];
    const engine = engineOf(situation);
    const value = engine?.sameKernel === false ? undefined : situation.machine.sysctl(setting);
    if (value === undefined) return skipped(`UDP buffers: ${setting} cannot be read here`);
    if (value >= most.least) return ok(`UDP buffers up to ${value} bytes (${setting})`);
    return warning(
      {
        code: 'small-udp-buffers',
        message: `UDP receive buffers are limited to ${value} bytes (${setting}); ${most.consequence} with less than ${most.least}.`,
        suggestion: `sudo sysctl -w ${setting}=${most.advised}, and the same line in /etc/sysctl.d/ to keep it`,
      },
      remedy(situation, most),
    );
  },
};

function remedy(situation: Situation, { advised }: UdpBuffers): { repair?: Repair } {
  if (!situation.machine.system.root) return {};
  const action = `set ${setting} to ${advised} until the next start of this machine`;
  const run = (tools: RepairTools): Promise<void> => raiseLimit(advised, tools);
  return { repair: { id: 'udp-buffers', after: { action, run } } };
}

async function raiseLimit(advised: number, { emit }: RepairTools): Promise<void> {
  const step = startStep({ emit, id: 'udp-buffers', verb: 'set', on: `sysctl/${setting}` });
  try {
    writeFileSync(`/proc/sys/${setting.replaceAll('.', '/')}`, String(advised));
  } catch (cause) {
    const refused = failed(
      {
        code: 'kernel-setting-refused',
        message: `${setting} cannot be changed from here; a container may not change its host's kernel.`,
        suggestion: `on the host: sudo sysctl -w ${setting}=${advised}`,
      },
      cause,
    );
    step.failed(refused, refused.code);
    throw refused;
  }
  step.done({ value: String(advised) });
}
