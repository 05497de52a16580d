import type { Address } from './resource.ts';

/** One thing that is not as arc left it. */
export type Drift = {
  on: Address;
  /** Role of the container concerned; absent if it is none of arc's. */
  role?: string;
  /** In words: `memory`, `state`. */
  what: string;
  before: string;
  now: string;
  by: Author;
  remedy: Remedy;
};

/** Who made a change, with what and when (ISO 8601), as far as arc knows. The Engine records no users. */
export type Author = { who?: string; did?: string; at?: string };

/**
 * What undoes a change. `up`: the next `arc up`. `recreate`: `arc restart --recreate`, because `arc up` keeps a
 * container whose configuration is right. `file`: removing the edited file, which arc keeps until then. `stranger`:
 * nothing that arc does, because it did not create the object.
 */
export type Remedy = 'up' | 'recreate' | 'file' | 'stranger';
