import type { Address } from './resource.ts';

/**
 * What a step does to its resource. The verb and the address alone decide how output describes a step; the driver
 * decides how to do it.
 *
 * `await` waits until a started resource is ready; `ask` checks a resource that kept running while one of its needs
 * did not. `reload` has a program that goes on running load its changed files. `expand` stands for a resource inside a server that does not run yet: arc plans its steps once it runs.
 */
export type Verb =
  | 'create'
  | 'change'
  | 'start'
  | 'unpause'
  | 'stop'
  | 'remove'
  | 'await'
  | 'ask'
  | 'reload'
  | 'expand';

/**
 * The part of a resource's life that a step belongs to. It decides what the step waits for:
 *
 * - `prepare`: waits for nothing, and every other step waits for it (images). arc stops nothing before it is done.
 * - `stop`, `remove`: wait until the dependents have stopped or are removed.
 * - `make`, `start`, `ready`: wait for the needs of that moment.
 * - `reload`: waits until the resource itself is ready.
 */
export type Stage = 'prepare' | 'stop' | 'remove' | 'make' | 'start' | 'ready' | 'reload';

/** What a step destroys: `2 rooms, 5 participants`, `12 objects, 4 MB`. */
export type Loss = {
  /** `live`: people or work in progress; `data`: stored data. */
  kind: 'live' | 'data';
  text: string;
};

/** A step as a driver returns it; the planner adds what it waits for. */
export type StepDraft<Work = unknown> = {
  verb: Verb;
  stage: Stage;
  cause: string;
  /** Set if it is not the resource itself: a container that arc finds by its role may still have its old name. */
  on?: Address;
  /** The name that people use, if it is not the address: the role of a container. */
  title?: string;
  loses?: readonly Loss[];
  work: Work;
};

/** One act of a plan. `id` is unique in its plan; `after` names the steps that must have succeeded before. */
export type Step<Work = unknown> = Omit<StepDraft<Work>, 'on'> & {
  id: string;
  on: Address;
  /** The resource whose driver does the step; usually the same as `on`. */
  of: Address;
  after: readonly string[];
};

/** The steps, each after those that it waits for. */
export type Plan<Work = unknown> = {
  project: string;
  steps: readonly Step<Work>[];
};

/** Whether a step changes something; a wait does not. */
export function isChange({ verb }: Pick<Step, 'verb'>): boolean {
  return verb !== 'await' && verb !== 'ask';
}

/** Whether the plan changes nothing. It may still have waits, which check that everything is ready. */
export function isEmpty(plan: Plan): boolean {
  return !plan.steps.some(isChange);
}

/** The losses of a plan, each with its step. */
export function lossesOf(plan: Plan): readonly { step: Step; loss: Loss }[] {
  return plan.steps.flatMap((step) => (step.loses ?? []).map((loss) => ({ step, loss })));
}
