import type { PortName, Reached } from '../core/address.ts';

/** What every kind of machine that containers run on can do for arc. */
export type Platform = {
  /**
   * Finds the way from this machine to a port of a container. The answer holds for a container that runs now; whoever
   * asks again after a restart gets the address of then.
   *
   * @param signal aborted when nobody waits any more
   * @returns an address to be disposed of after use: there may be a tunnel behind it
   * @throws ArcError where there is no way, with the way out
   */
  reach: (to: PortName, signal: AbortSignal) => Promise<Reached>;
};
