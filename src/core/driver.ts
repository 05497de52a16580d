import type { Problem } from './errors.ts';
import type { Address, Resource, Seen } from './resource.ts';
import type { Loss, Step, StepDraft } from './step.ts';

/** One field that differs. A secret's values are never in it. */
export type Change = { path: string; before?: string; after?: string };

/**
 * What has to happen to one resource, and why.
 *
 * `event` is what others are told: `cache is recreated`. `touched` says that it stays, but that what it needs does
 * not: those events, for whoever needs this one in turn.
 */
export type Decision<Data = unknown> =
  | { kind: 'keep'; touched?: readonly string[]; data?: Data }
  | {
      kind: 'create' | 'change' | 'replace' | 'delete';
      cause: string;
      event: string;
      changes?: readonly Change[];
      loses?: readonly Loss[];
      /** Of a server that is made: nothing can be inside it yet, so what belongs there is made without a look. */
      empty?: boolean;
      data?: Data;
    }
  /** Its server does not run yet: once it is ready, the run observes, decides and does what follows. */
  | { kind: 'unknown'; until: Address }
  | { kind: 'refuse'; problem: Problem };

/** What `decide` is given of one resource. */
export type Case<Spec, State> = {
  address: Address;
  /** Absent where it is there, and is to go. */
  wanted: Resource<Spec> | undefined;
  /** Absent where there is nothing yet. */
  seen: Seen<State> | undefined;
  /** What was decided about another resource. Everything that this one needs has been decided before it. */
  decided: (address: Address) => Decision | undefined;
};

/**
 * Everything that is known of one kind of resource. It knows no terminal, no order between resources and no plan:
 * the planner (plan.ts) asks it about one resource at a time, and puts the steps in order by needs.
 *
 * A kind inside a server, such as a bucket, writes one of these and nothing else. `observe` is called while its server
 * answers: when the plan is made if it runs then, and else during the run, once it is ready. All of its steps have the
 * stage `make`, removals too, because they need the server.
 *
 * Methods are written as methods, so that a driver of one kind can stand in a list of all kinds.
 *
 * @typeParam Work what a step carries for its `apply`, beside what people see of it
 * @typeParam At the way to what is observed and changed: an Engine, or a client of the server
 */
export type Driver<Spec = unknown, State = unknown, Data = unknown, Work = unknown, At = unknown> = {
  kind: string;
  /**
   * What is there: of those that are wanted, and of what arc made and nobody wants any more.
   * @throws ArcError where it cannot be read; that is never "nothing there"
   */
  observe(options: {
    at: At;
    wanted: readonly Resource<Spec>[];
    signal: AbortSignal;
  }): Promise<ReadonlyMap<Address, Seen<State>>>;
  /** Compares what is wanted with what is there. Pure. */
  decide(given: Case<Spec, State>): Decision<Data>;
  /**
   * What has to be done for a decision, in order: each step waits for the one before it. Pure. Also asked about what
   * is kept: a container that runs already is asked whether it is healthy.
   */
  steps(given: Case<Spec, State> & { decision: Decision<Data> }): readonly StepDraft<Work>[];
  /**
   * Does one step.
   * @param options.progress what it waits for, for people
   * @throws ArcError
   */
  apply(options: {
    step: Step<Work>;
    at: At;
    signal: AbortSignal;
    progress: (detail: string) => void;
  }): Promise<void>;
};

/** What the planner needs of a driver: the pure half. */
export type Decider = Pick<Driver, 'kind' | 'decide' | 'steps'>;
