import type { MessageMetrics } from '../turns/turn-record.ts';

/** How long hearing took, in place of what the framework measures: that has the silence in it that was waited for. */
export type HearingTime = {
  /** An utterance was written down so many seconds after its end. */
  heard: (seconds: number) => void;
  /** The metrics of what was heard last. */
  in: (metrics: MessageMetrics) => MessageMetrics;
};

export function hearingTime(): HearingTime {
  let last: number | undefined;
  return {
    heard: (seconds) => {
      last = seconds;
    },
    // What was typed has none.
    in: (metrics) =>
      last === undefined || metrics.transcriptionDelay === undefined
        ? metrics
        : { ...metrics, transcriptionDelay: last },
  };
}
