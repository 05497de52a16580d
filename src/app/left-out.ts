import type { Snapshot } from '../platform/docker/snapshot.ts';
import type { Stack } from '../stack/model.ts';
import { containerOf } from './images-in-use.ts';

/** A container that is not there because a flavour leaves it out, and what the stack does without. */
export type LeftOut = { role: string; name: string; flavour: string; because: string };

/**
 * The containers that are not there because of their flavour: chosen so, or because arc could get no image for them
 * when it booted the rest of their service, as the labels of that say. Pure.
 */
export function leftOutOf(options: { stack: Stack; snapshot: Snapshot }): readonly LeftOut[] {
  const { stack, snapshot } = options;
  const isThere = (role: string): boolean => containerOf({ role, snapshot }) !== undefined;
  const chosen = stack.refused.flatMap(({ role, name, flavour }): LeftOut[] =>
    flavour === undefined || isThere(role)
      ? []
      : [{ role, name, flavour: flavour.name, because: `${flavour.without} (${flavour.because})` }],
  );
  const notHad = stack.containers.flatMap(({ role, name, service, absence }): LeftOut[] => {
    if (absence === undefined || isThere(role)) return [];
    const boots = snapshot.containers.filter(
      (one) => one.project === snapshot.project && one.service === service && one.booted !== undefined,
    );
    if (boots.length === 0 || boots.some(({ booted = [] }) => booted.includes(role))) return [];
    const because = `${absence.without} (arc could get no image for it)`;
    return [{ role, name, flavour: absence.name, because }];
  });
  return [...chosen, ...notHad];
}
