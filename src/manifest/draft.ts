import type { ProfilePart } from './build/profiles.ts';
import type { Part } from './build/read.ts';
import type { ContainerPart, JobPart, ServicePart } from './build/service.ts';
import type { WorkspaceManifest } from './model.ts';
import { createDidYouMean, type DidYouMean } from './rules/advice.ts';

/**
 * The contents of all files, including mistakes, with positions: the input of the rules. Missing and invalid names are
 * empty; rules skip them, because the schema check has reported them.
 */
export type Draft = {
  workspace: Part & { manifest: WorkspaceManifest };
  services: readonly ServicePart[];
  profiles: readonly ProfilePart[];
  /** Every container and job of every service. */
  runnables: readonly (ContainerPart | JobPart)[];
  /** The same, and containers once more for each further flavour that they have. */
  flavours: readonly (ContainerPart | JobPart)[];
  /** The first of each role. */
  byRole: ReadonlyMap<string, ContainerPart | JobPart>;
  /** Folders of services whose manifest could not be read. */
  unread: readonly string[];
  /** The workspace's files by path. */
  files: ReadonlyMap<string, string | Uint8Array>;
  didYouMean: DidYouMean;
};

export function draftOf(options: Omit<Draft, 'runnables' | 'flavours' | 'byRole' | 'didYouMean'>): Draft {
  const runnables = options.services.flatMap((service) => [...service.containers, ...service.jobs]);
  const byRole = new Map<string, ContainerPart | JobPart>();
  for (const runnable of runnables) {
    const { role } = runnable.manifest;
    if (role !== '' && !byRole.has(role)) byRole.set(role, runnable);
  }
  const flavours = [...runnables, ...options.services.flatMap((service) => service.flavours)];
  return { ...options, runnables, flavours, byRole, didYouMean: createDidYouMean() };
}

/**
 * Whether nothing has this name, as far as arc can know: a manifest that could not be read is assumed to define a
 * service named after its folder, and its sidecars.
 */
export function isUnknown(draft: Draft, role: string): boolean {
  if (role === '' || draft.byRole.has(role)) return false;
  return !draft.unread.some((folder) => role === folder || role.startsWith(`${folder}-`));
}
