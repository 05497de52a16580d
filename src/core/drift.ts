import type { Address } from './resource.ts';

/** One thing that is not as arc left it. */
export type Drift = {
  on: Address;
  /** Of the container that it is about; absent where it is about none of arc's. */
  role?: string;
  /** In words: `memory`, `state`. */
  what: string;
  before: string;
  now: string;
  by: Author;
  remedy: Remedy;
};

/** What is known of a change: who, by what, and when (ISO 8601). The Engine keeps no users. */
export type Author = { who?: string; did?: string; at?: string };

/**
 * What puts it right: `up` where the next `arc up` does; `recreate` where that keeps the container as it is, because
 * its configuration is what it should be, and `arc restart --recreate` makes it anew; `file` where a person's edit is
 * kept until the file is removed; `stranger` where arc touches nothing, because it did not make it.
 */
export type Remedy = 'up' | 'recreate' | 'file' | 'stranger';
