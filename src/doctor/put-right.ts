import { ArcError, exitStatus, type Problem } from '../core/errors.ts';
import type { RepairTools, Shortcoming } from './check.ts';
import { carryOutRepairs, describeRepairs, packagesOf } from './repairs.ts';

/** Whether what arc would do to this machine is agreed to. */
export type Agreement = {
  /** Consent was given beforehand. */
  yes: boolean;
  /** Asks a person, and throws if the answer is no; absent if nobody can be asked. */
  ask?: (question: string) => Promise<void>;
};

/**
 * Repairs everything that is missing, with consent, together and before anything else. If arc cannot repair all of it
 * here, it does nothing and reports everything that is missing.
 *
 * @throws ArcError (exit status 4): what is missing, or what has not succeeded
 */
export async function putRight(
  options: Agreement & RepairTools & { missing: readonly Shortcoming[] },
): Promise<void> {
  const { missing, yes, ask, emit, signal } = options;
  const [first, ...rest] = missing;
  if (first === undefined) return;
  const repairs = missing.flatMap(({ repair }) => repair ?? []);
  if (repairs.length < missing.length) throw refusal(sumUp([first, ...rest], adviceFor(missing)));
  const action = describeRepairs(repairs);
  if (!yes && ask === undefined) throw refusal(sumUp([first, ...rest], `add --yes to let arc ${action}`));
  if (!yes) await ask?.(`${question(missing)} ${capitalized(action)}?`);
  await carryOutRepairs({ repairs, emit, signal });
}

function refusal(problem: Problem): ArcError {
  return new ArcError({ problem, status: exitStatus.prerequisite });
}

/** One problem is reported as it is; several become one message with a line each. */
function sumUp(missing: readonly [Shortcoming, ...Shortcoming[]], suggestion: string): Problem {
  const [first, ...rest] = missing;
  if (rest.length === 0) return { ...first.problem, suggestion };
  return {
    code: 'machine-not-ready',
    message: `${missing.length} things are missing on this machine.`,
    detail: missing.flatMap(({ problem }) => [
      problem.message,
      ...(problem.detail ?? []).map((line) => `  ${line}`),
    ]),
    suggestion,
  };
}

/** One command that installs the Debian packages, followed by the other remedies. */
function adviceFor(missing: readonly Shortcoming[]): string {
  const packages = packagesOf(missing);
  const sudo = missing.some((each) => each.packages && !each.repair) ? 'sudo ' : '';
  const command = `${sudo}apt-get update && ${sudo}apt-get install --no-install-recommends ${packages.join(' ')}`;
  const others = missing
    .filter((each) => each.packages === undefined)
    .map(({ problem }) => problem.suggestion ?? '');
  return [...(packages.length === 0 ? [] : [command]), ...new Set(others)].filter(Boolean).join('; ');
}

function question(missing: readonly Shortcoming[]): string {
  return missing.map(({ problem }) => problem.message).join(' ');
}

export function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
