import { installPackages } from './apt/install-packages.ts';
import type { Repair, RepairTools } from './check.ts';

/** The Debian packages of several repairs, each once. */
export function packagesOf(repairs: readonly { packages?: readonly string[] }[]): readonly string[] {
  return [...new Set(repairs.flatMap(({ packages = [] }) => packages))];
}

/** The repairs in words that follow "arc will": `install docker.io, mmdebstrap with apt-get, and start dockerd`. */
export function describeRepairs(repairs: readonly Repair[]): string {
  const packages = packagesOf(repairs);
  return [
    ...(packages.length === 0 ? [] : [`install ${packages.join(', ')} with apt-get`]),
    ...repairs.flatMap(({ after }) => after?.action ?? []),
  ].join(', and ');
}

/**
 * Carries repairs out: all packages in one go, then the rest, one after the other.
 *
 * @throws ArcError of the first that does not succeed
 */
export async function carryOutRepairs(options: RepairTools & { repairs: readonly Repair[] }): Promise<void> {
  const { repairs, ...tools } = options;
  const packages = packagesOf(repairs);
  if (packages.length > 0) await installPackages({ packages, ...tools });
  for (const { after } of repairs) await after?.run(tools);
}
