import type { ContainerHealth } from './examine.ts';
import type { CheckHealth, CheckToMake } from './make-check.ts';

/**
 * A check as it counts beside the containers that it asks: one that failed while such a container is not well says
 * nothing that the container's own line does not, so that line is the one cause. Its answer stays readable. Pure.
 *
 * @param options.containers what was asked with it; a check about a container that nobody asked counts as it is
 */
export function asConsequence(options: {
  toMake: CheckToMake;
  made: CheckHealth;
  containers: readonly ContainerHealth[];
}): CheckHealth {
  const { toMake, made, containers } = options;
  if (made.outcome !== 'failed') return made;
  const { probe, needs } = toMake.check;
  const about = [toMake.service, ...needs, ...(probe.at === undefined ? [] : [probe.at.role])];
  const cause = containers.find(({ role, ok }) => !ok && about.includes(role));
  if (cause === undefined) return made;
  const how = cause.state === 'running' ? 'not well' : cause.state;
  return { ...made, outcome: 'unknown', reply: `not known while ${cause.name} is ${how}: ${made.reply}` };
}
