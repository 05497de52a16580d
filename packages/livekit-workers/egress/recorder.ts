// The process of one recording: subscribes to what is to be recorded, and feeds an encoder. Started by job.ts.

import type { FromRecorder, ToRecorder } from './recording.ts';
import { Recorder } from './room-recorder.ts';

const tell = (message: FromRecorder): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });

process.once('message', (first: ToRecorder) => {
  if (first.kind !== 'start') process.exit(0);
  const { recording } = first;
  const recorder = new Recorder({ recording, tell });
  process.on('message', (message: ToRecorder) => {
    switch (message.kind) {
      case 'start':
        return;
      case 'add-streams':
        return recorder.addStreams(message.streams);
      case 'remove-streams':
        return recorder.removeStreams(message.ids);
      case 'stop':
        return recorder.stop();
      default:
        message satisfies never;
    }
  });
  // The worker is gone: what there is shall at least be a whole file.
  process.on('disconnect', () => recorder.stop());
  process.on('SIGTERM', () => recorder.stop());
  process.on('SIGINT', () => recorder.stop());
  recorder.run().then(
    () => process.exit(0),
    async (cause) => {
      const words = cause instanceof Error ? cause.message : String(cause);
      // What cannot be reached is named with its whole address there, in which the token is.
      const reason = words.replaceAll(recording.token, '…');
      await tell({ kind: 'failed', failure: { code: 'internal', reason } });
      process.exit(1);
    },
  );
});
