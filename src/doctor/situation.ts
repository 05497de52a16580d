import type { ArcError } from '../core/errors.ts';
import type { Machine } from '../host/machine.ts';
import type { WorkspaceManifest } from '../manifest/model.ts';
import type { UdpBuffers } from '../providers/provider.ts';
import type { RegistryAnswer } from '../registry/ask.ts';
import type { Stack } from '../stack/model.ts';
import type { EngineFacts } from './engine-facts.ts';

/** Input of the checks: facts that were read before, and a machine to ask for others. */
export type Situation = {
  environment: Readonly<Record<string, string>>;
  /** Columns of the terminal; `Infinity` without a terminal. */
  columns: number;
  machine: Machine;
  engine: EngineFacts | ArcError;
  /** The selected stack; absent outside a workspace, an error if the manifests are invalid. */
  workspace?: WorkspaceSituation | ArcError;
  /** Kernel settings that servers of the stack need; outside a workspace, those of all servers that arc knows. */
  udpBuffers: readonly UdpBuffers[];
  /** Registries of the stack's images, asked once for all checks. */
  registries: () => Promise<readonly RegistryAnswer[]>;
};

export type WorkspaceSituation = { root: string; manifest: WorkspaceManifest; stack: Stack };

/** The Engine's facts, where it answers. */
export function engineOf(situation: Situation): EngineFacts | undefined {
  return situation.engine instanceof Error ? undefined : situation.engine;
}

/** The selected stack, if there is one. */
export function stackOf(situation: Situation): Stack | undefined {
  const { workspace } = situation;
  return workspace === undefined || workspace instanceof Error ? undefined : workspace.stack;
}
