import { type Check, ok, skipped, warning } from '../check.ts';
import { engineOf } from '../situation.ts';

/** Half of the minute that LiveKit allows between a token's clock and its own (livekit/protocol, auth/verifier.go). */
const toleratedSeconds = 30;

export const clockCheck: Check = {
  id: 'clock',
  examine: async (situation) => {
    const engine = engineOf(situation);
    const compared: { whose: string; seconds: number; remedy: string }[] = [];
    // An Engine on this kernel has this machine's clock.
    if (engine?.clock && !engine.sameKernel) {
      compared.push({
        whose: "the Docker Engine's",
        seconds: (engine.clock.here - engine.clock.engine) / 1000,
        remedy: 'restart Docker Desktop (its machine loses time while the computer sleeps), or set its clock',
      });
    }
    for (const answer of await situation.registries()) {
      if (!answer.answers || !answer.clock) continue;
      compared.push({
        whose: `${answer.registry}'s`,
        seconds: (answer.clock.here - answer.clock.there) / 1000,
        remedy: 'sudo timedatectl set-ntp true',
      });
    }
    if (compared.length === 0) return skipped('clock: no server answered that arc could compare it with');
    const wrong = compared.find(({ seconds }) => Math.abs(seconds) > toleratedSeconds);
    if (!wrong) return ok(`clock agrees with ${compared.map(({ whose }) => whose).join(' and ')}`);
    return warning({
      code: 'clock-skew',
      message: `This machine's clock is ${Math.round(Math.abs(wrong.seconds))} s ${wrong.seconds > 0 ? 'ahead of' : 'behind'} ${wrong.whose}; tokens will be refused.`,
      suggestion: wrong.remedy,
    });
  },
};
