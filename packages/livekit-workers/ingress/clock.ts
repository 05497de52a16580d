/**
 * When something is to be sent, in milliseconds, or that it comes too late for that. After a skip, what of the track was
 * to be sent before is not sent any more.
 */
export type Due = { at: number; skipped: boolean } | 'late';

/** What is later than this is not sent: it would stay as latency in everything behind it. Milliseconds. */
const tolerance = 60;
/** What has been late for so long is not one block but a stream that stood still. Milliseconds. */
const stalledAfter = 400;
/** So much of what standstills cost stays as latency: the next one of that length is not seen. Milliseconds. */
const reserve = 500;
/** A stream that is so much too early has sent what it could not before. Milliseconds; less than pacer.ts waits at most. */
const caughtUp = 400;

/** One track's part of the clock: position in the stream and time now, both in milliseconds. */
export type TrackClock = (position: number, now: number) => Due;

/**
 * Maps positions in a stream to the times at which they are sent, the same for all of its tracks. It begins with the first
 * block of any; after a standstill it goes on from where the stream does. A live stream that sends what it missed is skipped
 * through until it is as live as before, but for the reserve: what is behind once would be behind for good.
 *
 * @param options.isLive false for a file, of which nothing is to be missed
 * @param options.restarted after a standstill or a skip: what is still queued from before it would only be latency
 * @param options.skipped told how much, in milliseconds
 */
export function streamClock(options: {
  isLive: boolean;
  restarted: () => void;
  skipped: (milliseconds: number) => void;
}): (delay: number) => TrackClock {
  const { isLive, restarted } = options;
  let origin: number | undefined;
  /** How much later everything is sent than it was at first. */
  let behind = 0;
  let skips = 0;
  return (delay) => {
    let lateSince: number | undefined;
    let known = 0;
    return (position, now) => {
      origin ??= now - position;
      const early = origin + position - now;
      const surplus = isLive ? behind - reserve : 0;
      if (surplus > 0 && early >= Math.min(surplus, caughtUp)) {
        const back = Math.min(surplus, early);
        origin -= back;
        behind -= back;
        skips += 1;
        restarted();
        options.skipped(back);
      }
      const at = origin + position + delay;
      const skipped = known !== skips;
      known = skips;
      if (now - at <= tolerance) {
        lateSince = undefined;
        return { at, skipped };
      }
      lateSince ??= now;
      if (now - lateSince < stalledAfter) return 'late';
      lateSince = undefined;
      behind += now - at;
      origin = now - position - delay;
      restarted();
      return { at: now, skipped };
    };
  };
}
