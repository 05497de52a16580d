import { ArcError, type Problem } from './errors.ts';
import type { EventSink, Outcome, StepEvent } from './event.ts';

/** News of a running step. Each report replaces the one before. */
export type StepNews = Pick<StepEvent, 'answer' | 'output' | 'progress'>;

/** A step that goes on. One of `done` and `failed` ends it. */
export type RunningStep = {
  update: (news: StepNews) => void;
  done: (outcome?: Outcome) => void;
  /** @param code of the problem, where `cause` is not a problem of arc's own that has one */
  failed: (cause: unknown, code: string) => void;
};

/** Programs and registries report many times a second; a reader of events gets the latest this often. */
const updateMilliseconds = 1000;

/**
 * Reports a step that has begun, and then at most once a second what is new about it.
 *
 * @param options.cause why the step is done; kept in all of its events
 */
export function startStep(
  options: Pick<StepEvent, 'id' | 'parent' | 'verb' | 'on' | 'role' | 'cause'> & { emit: EventSink },
): RunningStep {
  const { emit, ...step } = options;
  const began = performance.now();
  let lastSent = began;
  let pending: StepNews | undefined;
  let timer: NodeJS.Timeout | undefined;
  const milliseconds = (): number => Math.round(performance.now() - began);
  const send = (rest: Partial<StepEvent> & Pick<StepEvent, 'phase'>): void =>
    emit({ type: 'step', ...step, ...rest });
  const sendPending = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (pending === undefined) return;
    lastSent = performance.now();
    send({ phase: 'running', ...pending, milliseconds: milliseconds() });
    pending = undefined;
  };
  send({ phase: 'running' });
  return {
    update: (news) => {
      pending = news;
      timer ??= setTimeout(sendPending, Math.max(0, updateMilliseconds - (performance.now() - lastSent)));
      timer.unref();
    },
    done: (outcome) => {
      clearTimeout(timer);
      send({ phase: 'done', ...(outcome && { outcome }), milliseconds: milliseconds() });
    },
    failed: (cause, code) => {
      clearTimeout(timer);
      send({ phase: 'failed', problem: problemOf(cause, code), milliseconds: milliseconds() });
    },
  };
}

/** The problem to report for a failure: its own, or one with this code and its message. */
export function problemOf(cause: unknown, code: string): Problem {
  if (cause instanceof ArcError) return cause.problems[0];
  return { code, message: cause instanceof Error ? cause.message : String(cause) };
}
