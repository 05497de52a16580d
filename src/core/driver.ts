import type { Problem } from './errors.ts';
import type { Answer } from './event.ts';
import type { Address, Resource, Seen } from './resource.ts';
import type { Loss, Step, StepDraft } from './step.ts';

/** One field that differs. `byHand`: it was as wanted when arc set it last. A secret's values are never in it. */
export type Change = { path: string; before?: string; after?: string; byHand?: true };

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

/** The pure half of a driver: what the planner asks. */
export type Decider<Spec = unknown, State = unknown, Data = unknown, Work = unknown> = {
  kind: string;
  /** Compares what is wanted with what is there. */
  decide(given: Case<Spec, State>): Decision<Data>;
  /**
   * What has to be done for a decision, in order: each step waits for the one before it. Also asked about what is
   * kept: a container that runs already is asked whether it is healthy.
   */
  steps(given: Case<Spec, State> & { decision: Decision<Data> }): readonly StepDraft<Work>[];
};

/**
 * Everything that is known of one kind of resource. It knows no terminal, no order between resources and no plan: the
 * planner (plan.ts) asks it about one resource at a time, and puts the steps in order by needs.
 *
 * Methods are written as methods, so that a driver of one kind can stand in a list of all kinds.
 *
 * @typeParam Data what a decision tells `steps` beside its kind
 * @typeParam Work what a step carries for `apply`, beside what people see of it
 * @typeParam At the way to what is changed: an Engine, or a client of a server
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
 * A kind inside a server, such as a bucket. A platform observes all of its own things in one look; these are observed
 * by their driver while their server answers: when the plan is made if it runs then, else during the run, once it is
 * ready. All of its steps have the stage `make`, removals too, because they need the server.
 */
export type InsideDriver<
  Spec = unknown,
  State = unknown,
  Data = unknown,
  Work = unknown,
  At = unknown,
> = Driver<Spec, State, Data, Work, At> & {
  /**
   * What is there of those that are wanted.
   * @throws ArcError where it cannot be read; that is never "nothing there"
   */
  observe(options: {
    at: At;
    wanted: readonly Resource<Spec>[];
    signal: AbortSignal;
  }): Promise<ReadonlyMap<Address, Seen<State>>>;
};

/** `left`: it was not done, and is no problem of its own, because somebody has interrupted the run. */
export type Applied = 'done' | 'left';

/** What a step has of the run that it is part of. */
export type StepIo = {
  signal: AbortSignal;
  /** Tells people what it waits for. */
  progress: (answer: Answer) => void;
  /** It has come so far that what is to be stopped after it may be. */
  nearlyDone: () => void;
};
