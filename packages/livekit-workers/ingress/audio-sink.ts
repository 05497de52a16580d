/** Blocks that wait for WebRTC's own queue, and are let go with all that is queued where there are more. */
const longestWaiting = 5;
/** What is heard earlier or later than it should by less is not touched, for each correction can be heard. Milliseconds. */
const slack = 20;
/** WebRTC takes sound 10 ms at a time. */
const grain = 10;
/** More silence at once means that something else is wrong. Milliseconds. */
const longestSilence = 100;

/**
 * Gives blocks to WebRTC one after another: its source takes a block only when the one before it is in its queue, and fails
 * otherwise. That queue is what stands between sound and the jitter of this machine, and all of it is latency: it is filled as
 * quickly as it is emptied, so it stays as long as it once became. So it is brought to the one length at which each block leaves
 * it at its time: by silence in front of a block that would be heard too early, and without a block that would be heard too late.
 *
 * @param options.queued milliseconds of sound in WebRTC's queue
 * @param options.capture resolves when the block is queued
 * @param options.silence a block of so many milliseconds
 * @param options.clear empties WebRTC's queue
 */
export function audioSink<Block>(options: {
  now: () => number;
  queued: () => number;
  capture: (block: Block) => Promise<void>;
  silence: (milliseconds: number) => Block;
  clear: () => void;
}): (block: Block, leavesAt: number) => void {
  const { now, queued, capture, silence, clear } = options;
  let waiting: { block: Block; leavesAt: number }[] = [];
  let isBusy = false;

  const give = async ({ block, leavesAt }: { block: Block; leavesAt: number }): Promise<void> => {
    const early = leavesAt - (now() + queued());
    if (early < -slack) return;
    if (early > slack) await capture(silence(Math.min(Math.round(early / grain) * grain, longestSilence)));
    await capture(block);
  };
  const pump = async (): Promise<void> => {
    isBusy = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      // A block that was refused is lost, and the next one may well be taken.
      await give(next).catch(clear);
    }
    isBusy = false;
  };
  return (block, leavesAt) => {
    if (waiting.length >= longestWaiting) {
      waiting = [];
      clear();
    }
    waiting.push({ block, leavesAt });
    if (!isBusy) void pump();
  };
}
