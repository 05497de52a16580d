import { writeFileSync } from 'node:fs';
import { failed } from '../../core/errors.ts';
import { type Check, ok, type Repair, type RepairTools, skipped, warning } from '../check.ts';
import { engineOf, type Situation, stackOf } from '../situation.ts';

const setting = 'net.core.rmem_max';
/**
 * LiveKit asks for a large buffer and warns below 5,000,000 bytes as the kernel reports it, which is twice what was
 * granted (livekit/mediatransportutil, pkg/rtcconfig/rtc_unix.go; doubling: socket(7), SO_RCVBUF).
 */
const least = 2_500_000;
/** What LiveKit's maintainers advise (livekit/livekit#3203). */
const advised = 5_000_000;

export const udpBufferCheck: Check = {
  id: 'udp-buffers',
  examine: async (situation) => {
    const media = stackOf(situation)?.containers.some(({ ports }) =>
      ports.some(({ protocol }) => protocol === 'udp'),
    );
    if (media === false) return [];
    const engine = engineOf(situation);
    const value = engine?.sameKernel === false ? undefined : situation.machine.sysctl(setting);
    if (value === undefined) return skipped(`UDP buffers: ${setting} cannot be read here`);
    if (value >= least) return ok(`UDP buffers up to ${value} bytes (${setting})`);
    return warning(
      {
        code: 'small-udp-buffers',
        message: `UDP receive buffers are limited to ${value} bytes (${setting}); LiveKit loses packets under load with less than ${least}.`,
        suggestion: `sudo sysctl -w ${setting}=${advised}, and the same line in /etc/sysctl.d/ to keep it`,
      },
      remedy(situation),
    );
  },
};

function remedy(situation: Situation): { repair?: Repair } {
  if (!situation.machine.system.root) return {};
  const action = `set ${setting} to ${advised} until the next start of this machine`;
  return { repair: { id: 'udp-buffers', after: { action, run: raiseLimit } } };
}

async function raiseLimit({ emit }: RepairTools): Promise<void> {
  try {
    writeFileSync(`/proc/sys/${setting.replaceAll('.', '/')}`, String(advised));
  } catch (cause) {
    throw failed(
      {
        code: 'kernel-setting-refused',
        message: `${setting} cannot be changed from here; a container may not change its host's kernel.`,
        suggestion: `on the host: sudo sysctl -w ${setting}=${advised}`,
      },
      cause,
    );
  }
  emit({ type: 'task', id: 'udp-buffers', subject: setting, action: `set to ${advised}`, state: 'done' });
}
