import type { Address } from './resource.ts';

/**
 * What a step does to its resource. Signs, words and sentences about a step follow from its verb and its address
 * alone; how it is done is the driver's.
 *
 * `await` waits until what was started is ready; `ask` is the same of what went on running while something that it
 * needs did not. `expand` is a resource inside a server that does not run yet: what it takes is found out then.
 */
export type Verb = 'create' | 'change' | 'start' | 'unpause' | 'stop' | 'remove' | 'await' | 'ask' | 'expand';

/**
 * Which part of a life a step belongs to, which decides what it waits for:
 *
 * - `prepare`: waits for nothing, and everything else waits for it (images). Nothing that runs is stopped before.
 * - `stop`, `remove`: after those that need it have been stopped or removed.
 * - `make`, `start`, `ready`: after what it needs for that.
 */
export type Stage = 'prepare' | 'stop' | 'remove' | 'make' | 'start' | 'ready';

/** What is lost by a step: `2 rooms, 5 participants`, `12 objects, 4 MB`. */
export type Loss = {
  /** `live`: people or work that is under way; `data`: what was kept. */
  kind: 'live' | 'data';
  text: string;
};

/** A step as a driver gives it; the planner adds what it waits for. */
export type StepDraft<Work = unknown> = {
  verb: Verb;
  stage: Stage;
  cause: string;
  /** Where it is not the resource itself: a container that is found by its role may still have its old name. */
  on?: Address;
  /** What people call it where that is not its address: the role of a container. */
  title?: string;
  loses?: readonly Loss[];
  work: Work;
};

/** One act of a plan. `id` is unique in its plan; `after` names the steps that must have succeeded before. */
export type Step<Work = unknown> = Omit<StepDraft<Work>, 'on'> & {
  id: string;
  on: Address;
  /** The resource whose driver does it; most often the same as `on`. */
  of: Address;
  after: readonly string[];
};

/** Steps in an order in which each comes after those that it waits for. */
export type Plan<Work = unknown> = {
  project: string;
  steps: readonly Step<Work>[];
};

/** Whether a step changes something; a wait does not. */
export function isChange({ verb }: Pick<Step, 'verb'>): boolean {
  return verb !== 'await' && verb !== 'ask';
}

/** Whether everything is already as the plan wants it. Waits may be left, which make sure that it is ready too. */
export function isEmpty(plan: Plan): boolean {
  return !plan.steps.some(isChange);
}

/** What a plan loses, each with the step that loses it. */
export function lossesOf(plan: Plan): readonly { step: Step; loss: Loss }[] {
  return plan.steps.flatMap((step) => (step.loses ?? []).map((loss) => ({ step, loss })));
}
