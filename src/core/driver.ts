import type { Problem } from './errors.ts';
import type { Answer } from './event.ts';
import type { Address, Resource, Seen } from './resource.ts';
import type { Loss, Step, StepDraft } from './step.ts';

/** One field that differs. `byHand`: somebody changed it after arc set it. It never holds the value of a secret. */
export type Change = { path: string; before?: string; after?: string; byHand?: true };

/**
 * What happens to one resource, and why.
 *
 * `event` tells dependents about it: `cache is recreated`. `touched` lists the events of its needs, for a resource
 * that stays while they change; its own dependents see them as well.
 */
export type Decision<Data = unknown> =
  | { kind: 'keep'; touched?: readonly string[]; data?: Data }
  | {
      kind: 'create' | 'change' | 'replace' | 'delete';
      cause: string;
      event: string;
      changes?: readonly Change[];
      loses?: readonly Loss[];
      /** A new server: it holds nothing yet, so arc creates its contents without observing them. */
      empty?: boolean;
      data?: Data;
    }
  /**
   * Its server does not run yet, or what it needs changes first: then the run observes, decides and applies.
   * `cause` where it is not that `until` does not run.
   */
  | { kind: 'unknown'; until: Address; cause?: string }
  | { kind: 'refuse'; problem: Problem };

/** The arguments of `decide`: one resource. */
export type Case<Spec, State> = {
  address: Address;
  /** Absent if the resource exists and is to be removed. */
  wanted: Resource<Spec> | undefined;
  /** Absent if the resource does not exist yet. */
  seen: Seen<State> | undefined;
  /** The decision about another resource. The planner decides about all needs of a resource before it. */
  decided: (address: Address) => Decision | undefined;
};

/** The pure half of a driver, which the planner calls. */
export type Decider<Spec = unknown, State = unknown, Data = unknown, Work = unknown> = {
  kind: string;
  /** Compares the wanted state with the observed one. */
  decide(given: Case<Spec, State>): Decision<Data>;
  /**
   * The steps of a decision, in order: each waits for the one before it. The planner also calls this for a resource
   * that is kept: arc still checks that a running container is healthy.
   */
  steps(given: Case<Spec, State> & { decision: Decision<Data> }): readonly StepDraft<Work>[];
};

/**
 * All knowledge about one kind of resource. A driver knows no terminal, no plan and no order between resources: the
 * planner (plan.ts) asks it about one resource at a time, and orders the steps by needs.
 *
 * Methods are written as methods, so that a driver of one kind can stand in a list of all kinds.
 *
 * @typeParam Data what a decision passes to `steps` besides its kind
 * @typeParam Work what a step carries for `apply` besides what people see
 * @typeParam At the connection to the changed system: an Engine, or a client of a server
 */
export type Driver<Spec = unknown, State = unknown, Data = unknown, Work = unknown, At = unknown> = Decider<
  Spec,
  State,
  Data,
  Work
> & {
  /**
   * Does one step.
   * @throws ArcError
   */
  apply(options: { step: Step<Work>; at: At; io: StepIo }): Promise<Applied>;
};

/**
 * A driver for a kind inside a server, such as a bucket. A platform observes all of its own resources together; this
 * driver observes its resources while their server answers: during planning if the server runs, else during the run
 * once it is ready. All of its steps have the stage `make`, even removals, because they need the server.
 */
export type InsideDriver<
  Spec = unknown,
  State = unknown,
  Data = unknown,
  Work = unknown,
  At = unknown,
> = Driver<Spec, State, Data, Work, At> & {
  /**
   * Observes the wanted resources that exist, and what of the project exists and nobody wants any more.
   *
   * @param options.alone leaves out the latter: the run needs to know the state of these resources only
   * @throws ArcError if arc cannot read the state; a failed read never counts as "nothing exists"
   */
  observe(options: {
    at: At;
    wanted: readonly Resource<Spec>[];
    alone?: boolean;
    signal: AbortSignal;
  }): Promise<ReadonlyMap<Address, Seen<State>>>;
};

/** `left`: not done, because somebody interrupted the run; not a failure of the step. */
export type Applied = 'done' | 'left';

/** What the run offers to a step. */
export type StepIo = {
  signal: AbortSignal;
  /** Shows what the step waits for. */
  progress: (answer: Answer) => void;
  /** Allows the stops that wait for this step to begin. */
  nearlyDone: () => void;
};
