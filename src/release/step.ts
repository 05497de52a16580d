import type { Outcome } from '../core/event.ts';
import type { ReleaseAction } from './actions.ts';
import type { ReleaseProgress, ReleaseWork } from './work.ts';

/** How a step ended that did not fail. */
export type Performed =
  | { kind: 'done'; outcome?: Outcome }
  /** It turned out to be as it should be already. */
  | { kind: 'kept'; because: string }
  | { kind: 'not-run'; reason: string; suggestion?: string };

/** Everything but building, which is done for all images at once. */
export type SingleAction = Exclude<ReleaseAction, { kind: 'build' }>;

/** What a step of one kind is carried out with. */
export type StepOptions<Kind extends SingleAction['kind']> = {
  work: ReleaseWork;
  progress: ReleaseProgress;
  action: Extract<SingleAction, { kind: Kind }>;
};
