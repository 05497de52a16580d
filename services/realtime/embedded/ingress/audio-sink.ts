/** Blocks that wait for WebRTC's own queue. Together with that queue they are all the latency that sound can gather. */
const longestQueue = 5;
/** Milliseconds in WebRTC's own queue that keep sound whole from one block to the next. More would be latency for good, for it is filled as quickly as it is emptied. */
const enough = 60;

/**
 * Gives blocks to WebRTC one after another: its source takes a block only when the one before it is in its queue, and fails
 * otherwise. On a machine that is short of time blocks come in bursts; what is too much is let go, with all that is queued,
 * so that sound is heard a moment too little rather than too late from then on.
 *
 * @param options.queued milliseconds of sound in WebRTC's queue
 * @param options.capture resolves when the block is queued
 * @param options.clear empties WebRTC's queue
 */
export function audioSink<Block>(options: {
  queued: () => number;
  capture: (block: Block) => Promise<void>;
  clear: () => void;
}): (block: Block) => void {
  const { queued, capture, clear } = options;
  let waiting: Block[] = [];
  let isBusy = false;

  const pump = async (): Promise<void> => {
    isBusy = true;
    for (let block = waiting.shift(); block !== undefined; block = waiting.shift()) {
      if (queued() > enough) continue;
      // A block that was refused is lost, and the next one may well be taken.
      await capture(block).catch(clear);
    }
    isBusy = false;
  };
  return (block) => {
    if (waiting.length >= longestQueue) {
      waiting = [];
      clear();
    }
    waiting.push(block);
    if (!isBusy) void pump();
  };
}
