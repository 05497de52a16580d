import type { Clock } from '../../core/clock.ts';
import type { EventSink, StepEvent } from '../../core/event.ts';
import type { StepReporter } from '../../core/execute.ts';
import type { Step } from '../../core/step.ts';

/** Only in a wait that is long enough for a person to wonder is reported what the probes say. */
const showProgressAfterMilliseconds = 1_000;

/** Makes the events of a plan's steps: the one place that does. */
export function stepReporter(options: { emit: EventSink; clock: Clock }): StepReporter {
  const { emit, clock } = options;
  const began = new Map<string, number>();
  const reported = new Map<string, string>();
  const parents = new Map<string, string>();
  const send = (step: Step, news: Pick<StepEvent, 'phase'> & Partial<StepEvent>): void => {
    const { id, verb, on, title } = step;
    const parent = parents.get(id);
    // The cause is why it is done; a step that is skipped was not reached.
    const cause = news.phase === 'skipped' ? {} : { cause: step.cause };
    const role = title === undefined ? {} : { role: title };
    emit({ type: 'step', id, ...(parent !== undefined && { parent }), verb, on, ...role, ...cause, ...news });
  };
  const elapsed = ({ id }: Step): number => Math.round(clock.now() - (began.get(id) ?? clock.now()));
  return {
    announce: (steps, parent) => {
      for (const step of steps) {
        if (parent !== undefined) parents.set(step.id, parent.id);
        send(step, { phase: 'waiting' });
      }
    },
    begin: (step) => {
      began.set(step.id, clock.now());
      send(step, { phase: 'running' });
    },
    progress: (step, answer) => {
      const milliseconds = elapsed(step);
      const news = `${answer.question} ${answer.reply}`;
      if (milliseconds < showProgressAfterMilliseconds || reported.get(step.id) === news) return;
      reported.set(step.id, news);
      send(step, { phase: 'running', answer, milliseconds });
    },
    end: (step, end) => send(step, { ...end, milliseconds: elapsed(step) }),
    skip: (steps) => {
      for (const step of steps) send(step, { phase: 'skipped' });
    },
  };
}
