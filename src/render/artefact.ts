import type { ServiceManifest } from '../manifest/model.ts';
import type { ReleaseManifest } from '../manifest/model-release.ts';
import type { BootableStack, ResolvedContainer } from '../stack/model.ts';

/** A generated file: its path relative to the workspace, and its whole text, header included. */
export type Artefact = {
  path: string;
  text: string;
  /** There is no header in it: whatever else is in its place is written over. */
  exact?: true;
};

/** The input for rendering files: a workspace that is resolved as a whole. */
export type Blueprint = {
  stack: BootableStack;
  /** The services that files are wanted for. */
  services: readonly ServiceBlueprint[];
  /** Every container of the workspace by role. */
  containers: ReadonlyMap<string, ResolvedContainer>;
  /** The other services that each service needs, by role. */
  links: ReadonlyMap<string, readonly string[]>;
  /** Where images and releases go; absent if nothing is released. */
  release?: ReleaseManifest;
  /** Whether the workspace has arc itself, as `bin/arc`. */
  bringsArc: boolean;
};

export type ServiceBlueprint = {
  manifest: ServiceManifest;
  /** Main container, sidecars and jobs, in dependency order. */
  containers: readonly ResolvedContainer[];
};

/** One kind of artefact. A new kind is a file with one of these, and a line in generate.ts. */
export type ArtefactRenderer = (blueprint: Blueprint) => readonly Artefact[];
