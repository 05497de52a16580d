import { type ArcError, failed, type Problem } from '../../../core/errors.ts';
import type { Claim } from './claims.ts';
import { describeHolder } from './holder.ts';

/** The lock is held, or another arc was a moment faster. */
export function locked(options: { project: string; address: string; by: Claim }): ArcError {
  const { project, address, by } = options;
  const { holder } = by;
  if (holder === undefined) {
    return failed({
      code: 'locked',
      message: `${project} is being changed on the Engine at ${address}, by a version of arc that this one does not understand.`,
      suggestion: `wait until it is done; if no such command is running, docker volume rm ${by.name}`,
    });
  }
  return failed({
    code: 'locked',
    message: `${project} is being changed by \`${holder.command}\`, ${describeHolder(holder)}, since ${holder.since}, on the Engine at ${address}.`,
    suggestion: 'wait until it is done, or interrupt it; this command can then be run again',
  });
}

/** A holder on another machine has given no sign of life for too long. */
export function silent(options: { project: string; claim: Claim; seconds: number; watch: number }): Problem {
  const { project, claim, seconds, watch } = options;
  const who = claim.holder === undefined ? 'another arc' : describeHolder(claim.holder);
  const what = claim.holder === undefined ? '' : ` with \`${claim.holder.command}\``;
  return {
    code: 'lock-silent',
    message: `${project} was being changed${what} by ${who}, which gave its last sign of life ${seconds} s ago.`,
    suggestion: `arc waits up to ${watch} s for another one, and takes over if there is none`,
  };
}

/** This arc slept or could not reach the Engine for so long that another one took over. */
export function lost(options: { project: string; address: string; to: Claim }): ArcError {
  const { project, address, to } = options;
  const { holder } = to;
  const who = holder === undefined ? 'another arc' : `\`${holder.command}\`, ${describeHolder(holder)},`;
  return failed({
    code: 'lock-lost',
    message: `This machine slept or could not reach the Engine at ${address} for so long that ${who} has taken over ${project}.`,
    suggestion: 'wait until it is done; this command can then be run again, and goes on from what is there',
  });
}
