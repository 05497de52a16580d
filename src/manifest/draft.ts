import type { ProfilePart } from './build/profiles.ts';
import type { Part } from './build/read.ts';
import type { ContainerPart, JobPart, ServicePart } from './build/service.ts';
import type { WorkspaceManifest } from './model.ts';
import { createDidYouMean, type DidYouMean } from './rules/advice.ts';

/**
 * All that the files say, mistakes included, with the place of everything: what the rules look at. Names that
 * are missing or not text are empty; rules pass over those, because the schema has found them already.
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
  const flavours = [...runnables, ...options.services.flatMap(({ embedded }) => embedded)];
  return { ...options, runnables, flavours, byRole, didYouMean: createDidYouMean() };
}

/**
 * Whether nothing goes by this name, for all that can be known: what a manifest that could not be read would have
 * brought is assumed to be named after its folder, as services and their sidecars are.
 */
export function isUnknown(draft: Draft, role: string): boolean {
  if (role === '' || draft.byRole.has(role)) return false;
  return !draft.unread.some((folder) => role === folder || role.startsWith(`${folder}-`));
}
