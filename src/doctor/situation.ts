import type { ArcError } from '../core/errors.ts';
import type { Machine } from '../host/machine.ts';
import type { WorkspaceManifest } from '../manifest/model.ts';
import type { UdpBuffers } from '../providers/provider.ts';
import type { RegistryAnswer } from '../registry/ask.ts';
import type { Stack } from '../stack/model.ts';
import type { EngineFacts } from './engine-facts.ts';

/** What the checks look at: facts that were read before, and a machine to ask for the rest. */
export type Situation = {
  environment: Readonly<Record<string, string>>;
  /** Columns of the terminal; `Infinity` where there is none. */
  columns: number;
  machine: Machine;
  engine: EngineFacts | ArcError;
  /** What is asked for; absent outside of a workspace, an error where its manifests are wrong. */
  workspace?: WorkspaceSituation | ArcError;
  /** What servers of the stack want of the kernel; outside of a workspace, what all that arc knows would want. */
  udpBuffers: readonly UdpBuffers[];
  /** Those that the stack's images come from; asked once, however many checks want to know. */
  registries: () => Promise<readonly RegistryAnswer[]>;
};

export type WorkspaceSituation = { root: string; manifest: WorkspaceManifest; stack: Stack };

/** The Engine's facts, where it answers. */
export function engineOf(situation: Situation): EngineFacts | undefined {
  return situation.engine instanceof Error ? undefined : situation.engine;
}

/** The stack that is asked for, where there is one. */
export function stackOf(situation: Situation): Stack | undefined {
  const { workspace } = situation;
  return workspace === undefined || workspace instanceof Error ? undefined : workspace.stack;
}
