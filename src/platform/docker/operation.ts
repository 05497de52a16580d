import type { ResolvedContainer } from '../../stack/model.ts';

/**
 * One step of a plan: one call to the Engine (or one wait), with the reason for it. `id` is unique in its plan;
 * `after` names the operations that must have succeeded before.
 */
export type Operation = {
  id: string;
  after: readonly string[];
  /** Why: `no existing container`, `config changed: image`. Shown to people. */
  cause: string;
} & OperationAction;

export type OperationAction =
  | { kind: 'create-network'; network: string }
  | { kind: 'remove-network'; network: string }
  | { kind: 'create-volume'; volume: string; role: string }
  | { kind: 'remove-volume'; volume: string }
  | {
      kind: 'create-container';
      container: ResolvedContainer;
      hash: ContainerHash;
      network: string;
      /** Roles of its service that are part of the same boot. */
      booted: readonly string[];
      /** A volume of it was there before, with data that somebody else may have written. */
      hasData: boolean;
      /** Its config files are labelled for SELinux. */
      selinux?: boolean;
    }
  | { kind: 'start-container'; role: string; name: string }
  | { kind: 'unpause-container'; role: string; name: string; containerId: string }
  | {
      kind: 'await-healthy';
      container: ResolvedContainer;
      /** Of a container that was running before: see plan-steps.ts. */
      holds: readonly Hold[];
      /** It stays as it is, and is asked again because something that it needs is started in this plan. */
      again: boolean;
    }
  | { kind: 'await-completed'; container: ResolvedContainer }
  | { kind: 'stop-container'; role: string; name: string; containerId: string; graceSeconds: number }
  | { kind: 'remove-container'; role: string; name: string; containerId: string }
  | { kind: 'remove-image'; reference: string }
  | { kind: 'remove-unnamed-image'; imageId: string };

/** A dependency after whose start a container has to pass its probe for that long. */
export type Hold = { role: string; name: string; seconds: number };

/**
 * A whole (sha256 in hex, after the version of the scheme) and its parts (the first 16 digits of theirs: they
 * only tell what changed).
 */
export type ContainerHash = { whole: string; parts: Readonly<Record<string, string>> };

/** A plan is in an order in which each operation comes after those it waits for. */
export type Plan = { project: string; operations: readonly Operation[] };
