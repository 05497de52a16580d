import type { Held } from '../losses.ts';
import type { PulsarMark } from '../mark.ts';
import type { Policies } from '../policy.ts';

/** A namespace as it is declared. Policies that are absent stay as they are. */
export type NamespaceSpec = { name: string; policies: Policies };

export type NamespaceState = {
  policies: Policies;
  mark?: PulsarMark;
  /** What its topics hold, read only where a change or removal may lose it. */
  held: Held;
  /** Names of its topics, whoever made them. Only read of one that nobody declares any more. */
  topics: readonly string[];
  /** The driver of long-term storage that the broker has. */
  offloadDriver?: string;
};
