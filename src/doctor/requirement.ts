import type { Machine } from '../host/machine.ts';
import type { Shortcoming } from './check.ts';

/** A program that is needed for something, and how it is got. */
export type Requirement = {
  program: string;
  /** Others that will do as well: `google-chrome` for `chromium`. */
  alternatives?: readonly string[];
  /** The oldest version that will do, and the arguments with which the program tells its own. */
  least?: { version: readonly [number, number]; ask: readonly string[] };
  /** A command that succeeds where also what else the program needs is there: plug-ins, modules. */
  proof?: readonly [string, ...string[]];
  /** Additional needs of a user other than root, and the command that then succeeds. */
  ordinaryUser?: { packages: readonly string[]; proof: readonly [string, ...string[]] };
  /** Debian packages that bring it in a version that will do; none where Debian has no such. */
  packages: readonly string[];
  /** How a person gets it where arc cannot. */
  install: string;
  /** The purpose: `the bases of cache, storage cannot be built here without it`. */
  because: string;
};

/** The unmet part of a requirement on this machine; undefined if all of it is met. */
export async function shortcomingOf(
  requirement: Requirement,
  machine: Machine,
): Promise<Shortcoming | undefined> {
  const wanted = machine.system.root ? requirement : forOrdinaryUser(requirement);
  const fault = await faultOf(wanted, machine);
  if (fault === undefined) return undefined;
  const { packages, install, because } = wanted;
  const installable = packages.length > 0 && machine.system.debian;
  return {
    state: 'missing',
    problem: { code: 'missing-tool', message: `${fault}; ${because}.`, suggestion: install },
    ...(installable && { packages }),
    ...(installable && machine.system.root && { repair: { id: `apt ${packages.join(' ')}`, packages } }),
  };
}

/** The unmet parts of several requirements. */
export async function shortcomingsOf(
  requirements: readonly Requirement[],
  machine: Machine,
): Promise<readonly Shortcoming[]> {
  const looked = await Promise.all(requirements.map((requirement) => shortcomingOf(requirement, machine)));
  return looked.filter((shortcoming) => shortcoming !== undefined);
}

function forOrdinaryUser(requirement: Requirement): Requirement {
  const { ordinaryUser, packages } = requirement;
  if (ordinaryUser === undefined) return requirement;
  return { ...requirement, packages: [...packages, ...ordinaryUser.packages], proof: ordinaryUser.proof };
}

async function faultOf(requirement: Requirement, machine: Machine): Promise<string | undefined> {
  const { program, alternatives = [], least, proof } = requirement;
  const found = [program, ...alternatives]
    .map((name) => machine.program(name))
    .find((path) => path !== undefined);
  if (found === undefined) return `${program} is not installed`;
  if (proof !== undefined && (await machine.answer(proof)) === undefined)
    return `${program} lacks a part (${proof.join(' ')} fails)`;
  if (least === undefined) return undefined;
  const answer = (await machine.answer([found, ...least.ask]))?.trim();
  const [, major, minor] = /(\d+)\.(\d+)/.exec(answer ?? '') ?? [];
  if (major === undefined) return `${found} does not report its version (${least.ask.join(' ')})`;
  const [wantedMajor, wantedMinor] = least.version;
  const isNewEnough =
    Number(major) > wantedMajor || (Number(major) === wantedMajor && Number(minor) >= wantedMinor);
  return isNewEnough ? undefined : `${program} ${major}.${minor} is too old`;
}
