import type { EventSink } from '../core/event.ts';

/** A running piece of work that people wait for. One of `done`, `skipped` and `failed` ends it. */
export type Progress = {
  /** What is being done right now; shown with the next tick. */
  update: (detail: string) => void;
  done: (detail?: string) => void;
  failed: (detail: string) => void;
};

/** A wait without a sign of life looks like a hang after about this long. */
const tickMilliseconds = 1000;

/** Announces a piece of work, and repeats its latest detail with the time elapsed until it has ended. */
export function startProgress(options: {
  emit: EventSink;
  id: string;
  subject: string;
  action: string;
}): Progress {
  const { emit, ...task } = options;
  const began = performance.now();
  let detail: string | undefined;
  const report = (state: 'running' | 'done' | 'failed') =>
    emit({
      type: 'task',
      ...task,
      state,
      ...(detail === undefined ? {} : { detail }),
      ...(performance.now() - began < 1 ? {} : { milliseconds: Math.round(performance.now() - began) }),
    });
  report('running');
  const ticker = setInterval(() => report('running'), tickMilliseconds);
  ticker.unref();
  const end = (state: 'done' | 'failed', last: string | undefined) => {
    clearInterval(ticker);
    detail = last;
    report(state);
  };
  return {
    update: (next) => {
      detail = next;
    },
    done: (last) => end('done', last),
    failed: (last) => end('failed', last),
  };
}
