/** When something is to be sent, in milliseconds, or that it comes too late for that. */
export type Due = { at: number } | 'late';

/** What is later than this is not sent: it would stay as latency in everything behind it. Milliseconds. */
const tolerance = 60;
/** What has been late for so long is not one block but a stream that stood still. Milliseconds. */
const stalledAfter = 400;

/** One track's part of the clock: position in the stream and time now, both in milliseconds. */
export type TrackClock = (position: number, now: number) => Due;

/**
 * Maps positions in a stream to the times at which they are sent, the same for all of its tracks. It begins with the first
 * block of any; after a standstill it goes on from where the stream does.
 *
 * @param options.restarted after a standstill: what is still queued from before it would only be latency
 */
export function streamClock(options: { restarted: () => void }): (delay: number) => TrackClock {
  let origin: number | undefined;
  return (delay) => {
    let lateSince: number | undefined;
    return (position, now) => {
      origin ??= now - position;
      const at = origin + position + delay;
      if (now - at <= tolerance) {
        lateSince = undefined;
        return { at };
      }
      lateSince ??= now;
      if (now - lateSince < stalledAfter) return 'late';
      lateSince = undefined;
      origin = now - position - delay;
      options.restarted();
      return { at: now };
    };
  };
}
