import type { Room } from '@livekit/rtc-node';
import type { DelayReport } from './lip-sync.ts';

/** Between two questions. Milliseconds. */
const interval = 250;
/** From a picture being decoded to the time that WebRTC shows it at; its own constant. Seconds. */
const rendering = 0.01;

/**
 * Asks WebRTC again and again how long it keeps what it has received.
 *
 * @returns ends it
 */
export function watchDelays(room: Room, told: (sid: string, report: DelayReport) => void): () => void {
  let isAsking = false;
  const ask = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    try {
      const { publisherStats, subscriberStats } = await room.getRtcStats();
      // With one connection for both directions all of it is the publisher's.
      for (const { stats } of [...subscriberStats, ...publisherStats]) {
        if (stats.case !== 'inboundRtp') continue;
        const { inbound, stream } = stats.value;
        if (!inbound?.trackIdentifier || stream?.kind === undefined) continue;
        const { jitterBufferDelay = 0, totalDecodeTime = 0 } = inbound;
        const count = Number(inbound.jitterBufferEmittedCount ?? 0);
        const delay =
          stream.kind === 'video'
            ? jitterBufferDelay + totalDecodeTime + count * rendering
            : jitterBufferDelay;
        told(inbound.trackIdentifier, { delay, count });
      }
    } catch {
      // Without an answer everything stays where it is: between two connections there is none.
    } finally {
      isAsking = false;
    }
  };
  const timer = setInterval(ask, interval);
  return () => clearInterval(timer);
}
