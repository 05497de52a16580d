import type { Room } from '@livekit/rtc-node';

/** How long WebRTC keeps what it has received, in seconds: the mean of all tracks of a kind, for which of them is which it does not say. */
export type Delays = { audio?: number; video?: number };

/** Between two questions. Milliseconds. */
const interval = 250;
/** From a picture being decoded to the time that WebRTC shows it at; its own constant. Seconds. */
const rendering = 0.01;

/**
 * Asks WebRTC again and again.
 *
 * @returns ends it
 */
export function watchDelays(room: Room, told: (delays: Delays) => void): () => void {
  /** Sums since a track has begun, by its name there. */
  const known = new Map<string, { delay: number; count: number }>();
  let isAsking = false;
  const ask = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    try {
      const means: Record<'audio' | 'video', number[]> = { audio: [], video: [] };
      const { publisherStats, subscriberStats } = await room.getRtcStats();
      // With one connection for both directions all of it is the publisher's.
      for (const { stats } of [...subscriberStats, ...publisherStats]) {
        if (stats.case !== 'inboundRtp') continue;
        const { inbound, stream } = stats.value;
        const name = inbound?.trackIdentifier;
        if (!name) continue;
        const { jitterBufferDelay = 0, totalDecodeTime = 0, jitterBufferEmittedCount = 0n } = inbound;
        const isVideo = stream?.kind === 'video';
        const now = {
          delay: jitterBufferDelay + (isVideo ? totalDecodeTime : 0),
          count: Number(jitterBufferEmittedCount),
        };
        const before = known.get(name) ?? { delay: 0, count: 0 };
        known.set(name, now);
        // A track that has ended stays as it was.
        if (now.count <= before.count) continue;
        const mean = (now.delay - before.delay) / (now.count - before.count);
        means[isVideo ? 'video' : 'audio'].push(isVideo ? mean + rendering : mean);
      }
      const [audio, video] = [meanOf(means.audio), meanOf(means.video)];
      told({ ...(audio === undefined ? {} : { audio }), ...(video === undefined ? {} : { video }) });
    } catch {
      // Without an answer everything stays where it is: between two connections there is none.
    } finally {
      isAsking = false;
    }
  };
  const timer = setInterval(ask, interval);
  return () => clearInterval(timer);
}

const meanOf = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
