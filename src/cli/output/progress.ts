import type { ArcEvent, Phase, StepEvent } from '../../core/event.ts';
import { kindOf } from '../../core/resource.ts';
import { countedAs, subjectOf } from './words.ts';

/** What is known of one step: its latest event, and when it began and ended, in milliseconds on the caller's clock. */
export type StepView = {
  step: StepEvent;
  began: number | undefined;
  ended: number | undefined;
};

/** All steps by their ids, in the order in which they were first heard of. */
export type ProgressState = ReadonlyMap<string, StepView>;

export const noProgress: ProgressState = new Map();

/**
 * Takes in one event. Every way of showing progress (the live tree, plain lines, the recording) is made from this.
 *
 * @param at when the event came, in milliseconds
 */
export function progress(state: ProgressState, event: ArcEvent, at: number): ProgressState {
  if (event.type !== 'step' || isTold(event)) return state;
  const known = state.get(event.id);
  const next = new Map(state);
  const isAgain = known?.ended !== undefined && !isEnd(event.phase);
  // A repeated step is a new step with its own place.
  if (isAgain) next.delete(event.id);
  const began = isAgain ? undefined : known?.began;
  next.set(event.id, {
    step: event,
    began: began ?? (event.phase === 'running' ? at : undefined),
    ended: isEnd(event.phase) ? at : undefined,
  });
  return next;
}

/** How far an image of a plan has come, its pulls and builds tell people. */
function isTold({ verb, on }: StepEvent): boolean {
  return (verb === 'create' || verb === 'change') && kindOf(on) === 'image';
}

/** Without what is over: what still goes on or waits. */
export function unfinished(state: ProgressState): ProgressState {
  return new Map([...state].filter(([, { step }]) => !isEnd(step.phase)));
}

function isEnd(phase: Phase): boolean {
  return phase === 'done' || phase === 'skipped' || phase === 'failed';
}

/** How long a step has been at work, in milliseconds. */
export function elapsed({ step, began, ended }: StepView, now: number): number {
  if (ended !== undefined && step.milliseconds !== undefined) return step.milliseconds;
  return began === undefined ? 0 : (ended ?? now) - began;
}

/** Everything that is done to one subject: a line of the live tree. */
export type Line = {
  subject: string;
  /** `between`: something has been done, and what comes next waits for something else. */
  phase: Phase | 'between';
  /** The step that stands for all of them at the moment. */
  shown: StepView;
  /** Further steps that go on at the same time, and parts of steps that go on or have failed. */
  children: readonly StepView[];
  /** Progress of all steps together. */
  milliseconds: number;
  /** Of a line that counts its steps: of how many how many are over. */
  count?: { ended: number; of: number };
};

/** The lines of the live tree, in the order in which their subjects were first heard of. */
export function linesOf(state: ProgressState, now: number): readonly Line[] {
  const groups = new Map<string, StepView[]>();
  const parts: StepView[] = [];
  for (const view of state.values()) {
    const { step } = view;
    if (step.parent !== undefined && state.has(step.parent)) parts.push(view);
    else {
      const subject = countedAs(step) ?? subjectOf(step);
      const group = groups.get(subject);
      if (group) group.push(view);
      else groups.set(subject, [view]);
    }
  }
  return [...groups].map(([subject, views]) => lineOf({ subject, views, parts, now }));
}

function lineOf(options: {
  subject: string;
  views: readonly StepView[];
  parts: readonly StepView[];
  now: number;
}): Line {
  const { subject, views, parts, now } = options;
  const running = views.filter(({ step }) => step.phase === 'running');
  const { phase, shown } = standsFor(views);
  const ids = new Set(views.map(({ step }) => step.id));
  const ownParts = parts.filter(
    ({ step }) =>
      ids.has(step.parent ?? '') &&
      (step.phase === 'failed' ||
        (step.phase === 'running' && running.some((view) => view.step.id === step.parent))),
  );
  const children = [...running.filter((view) => view !== shown), ...ownParts];
  const line = { phase, shown, children };
  // They are done at the same time.
  if (views.length > 1 && countedAs(shown.step) !== undefined) {
    const count = { ended: views.filter(({ ended }) => ended !== undefined).length, of: views.length };
    const milliseconds = Math.max(...views.map((view) => elapsed(view, now)));
    return { ...line, subject, children: [], milliseconds, count };
  }
  const ended = views.reduce((sum, view) => sum + elapsed(view, now), 0);
  const milliseconds = phase === 'running' ? elapsed(shown, now) : ended;
  return { ...line, subject: subjectOf(shown.step), milliseconds };
}

/** The step that tells most: one that goes on, else what keeps the subject waiting, else how it ended. */
function standsFor(views: readonly StepView[]): Pick<Line, 'phase' | 'shown'> {
  const last = (phase: Phase) => views.findLast(({ step }) => step.phase === phase);
  const [first] = views;
  if (first === undefined) throw new Error('a subject without a step');
  const running = last('running');
  if (running) return { phase: 'running', shown: running };
  const waiting = views.find(({ step }) => step.phase === 'waiting');
  const acted = lastEnded(views.filter(({ step }) => step.phase === 'done' || step.phase === 'failed'));
  if (waiting) return acted ? { phase: 'between', shown: acted } : { phase: 'waiting', shown: waiting };
  // A step that an interruption kept from starting does not get the tick of an earlier one.
  const undone = views.find(({ step }) => step.phase === 'skipped' && step.cause === undefined);
  // A pull that failed and was followed by a build that succeeded is a success.
  if (acted?.step.phase === 'failed') return { phase: 'failed', shown: acted };
  if (undone) return { phase: 'skipped', shown: undone };
  if (acted) return { phase: 'done', shown: acted };
  return { phase: 'skipped', shown: last('skipped') ?? first };
}

function lastEnded(views: readonly StepView[]): StepView | undefined {
  return views.reduce<StepView | undefined>(
    (latest, view) => (latest === undefined || (view.ended ?? 0) >= (latest.ended ?? 0) ? view : latest),
    undefined,
  );
}
