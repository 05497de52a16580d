import type { Check, Finding } from './check.ts';
import { clockCheck } from './checks/clock.ts';
import { cpuCheck } from './checks/cpus.ts';
import { diskCheck } from './checks/disk.ts';
import { engineCheck } from './checks/engine.ts';
import { memoryCheck } from './checks/memory.ts';
import { nodeCheck } from './checks/node.ts';
import { portCheck } from './checks/ports.ts';
import { registryCheck } from './checks/registry.ts';
import { terminalCheck } from './checks/terminal.ts';
import { toolCheck } from './checks/tools.ts';
import { udpBufferCheck } from './checks/udp-buffers.ts';
import { udpRangeCheck } from './checks/udp-range.ts';
import { workspaceCheck } from './checks/workspace.ts';
import type { Situation } from './situation.ts';

/** Everything that `arc doctor` looks at, in the order in which it is shown. */
export const allChecks: readonly Check[] = [
  nodeCheck,
  engineCheck,
  workspaceCheck,
  memoryCheck,
  cpuCheck,
  diskCheck,
  portCheck,
  udpBufferCheck,
  udpRangeCheck,
  registryCheck,
  toolCheck,
  clockCheck,
  terminalCheck,
];

/** The first checks of every boot: without these a boot fails half way, and they take a few milliseconds. */
export const bootChecks: readonly Check[] = [engineCheck, workspaceCheck, memoryCheck, diskCheck, portCheck];

/** One finding with the check that made it. */
export type CheckedFinding = Finding & { check: string };

/** Runs the checks at the same time; the findings are in the checks' order. */
export async function examine(
  checks: readonly Check[],
  situation: Situation,
): Promise<readonly CheckedFinding[]> {
  const findings = await Promise.all(
    checks.map(async (check) =>
      (await check.examine(situation)).map((finding) => ({ ...finding, check: check.id })),
    ),
  );
  return findings.flat();
}
