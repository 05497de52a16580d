import type { Reach } from '../core/socket-address.ts';

/** What every kind of machine that runs containers does for arc. */
export type Platform = {
  /** The way from this machine to a port of a container. */
  reach: Reach;
};
