import type { ResolvedContainer } from '../stack/model.ts';

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
  | { kind: 'create-container'; container: ResolvedContainer; hash: ContainerHash }
  | { kind: 'start-container'; role: string; name: string }
  | { kind: 'await-healthy'; container: ResolvedContainer }
  | { kind: 'await-completed'; container: ResolvedContainer }
  | { kind: 'stop-container'; role: string; name: string; containerId: string; graceSeconds: number }
  | { kind: 'remove-container'; role: string; name: string; containerId: string }
  | { kind: 'remove-image'; reference: string };

/** A whole and its parts, each `sha256` in hex; the whole is prefixed with the version of the scheme. */
export type ContainerHash = { whole: string; parts: Readonly<Record<string, string>> };

/** A plan is in an order in which each operation comes after those it waits for. */
export type Plan = { project: string; operations: readonly Operation[] };
