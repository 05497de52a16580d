import type { Outcome } from '../core/event.ts';
import type { ReleaseAction } from './actions.ts';
import type { ReleaseProgress, ReleaseWork } from './work.ts';

/** How a step ended that did not fail. */
export type Performed =
  | { kind: 'done'; outcome?: Outcome }
  /** It turned out that nothing had to be done. */
  | { kind: 'kept'; because: string }
  | { kind: 'not-run'; reason: string; suggestion?: string };

/** Everything but building, which is done for all images at once. */
export type SingleAction = Exclude<ReleaseAction, { kind: 'build' }>;

/** The means to carry out steps of one kind. */
export type StepOptions<Kind extends SingleAction['kind']> = {
  work: ReleaseWork;
  progress: ReleaseProgress;
  action: Extract<SingleAction, { kind: Kind }>;
};
