import type { Clock } from './clock.ts';
import type { Applied, StepIo } from './driver.ts';
import { ArcError, type ExitStatus, exitStatus, failed, type Problem } from './errors.ts';
import type { Answer } from './event.ts';
import { describe } from './print-plan.ts';
import type { Address } from './resource.ts';
import { schedule } from './schedule.ts';
import type { Plan, Step } from './step.ts';

/** Receives the events of a run. */
export type StepReporter = {
  /** Called before any of them begins, so that a live display can lay them out; `parent` contains them. */
  announce: (steps: readonly Step[], parent?: Step) => void;
  begin: (step: Step) => void;
  /** A probe gave a new answer. */
  progress: (step: Step, answer: Answer) => void;
  end: (step: Step, end: { phase: 'done' } | { phase: 'failed'; problem?: Problem }) => void;
  skip: (steps: readonly Step[]) => void;
};

/** The deadline and the signals of one run, shared by all of its waits. */
export type Moments = {
  /** One deadline for the whole run; the time counts from the end of preparation. */
  deadline: AbortSignal;
  deadlineMilliseconds: number;
  /** Aborted by Ctrl-C, and shortly after a failure. */
  cancelled: AbortSignal;
  /** Aborted when the run is over. */
  finished: AbortSignal;
  /** The clock's time at the end of preparation: durations count from there. */
  began: () => number;
  /** Reports that a finished step has failed after all. The problem resolves once arc has read the log. */
  failLater: (problem: Promise<Problem>) => void;
};

/** Applies the steps of one run. */
export type Crew = {
  apply: (step: Step, io: StepIo & Expand) => Promise<Applied>;
  /** The error of Ctrl-C: which steps are done and which are left. */
  interrupted: (left: readonly Step[]) => ArcError;
};

/** Plans and applies the steps inside servers while a plan runs. */
export type Insiders = {
  /** Whether a step changes something inside a server. */
  has: (step: Step) => boolean;
  apply: (step: Step, io: StepIo) => Promise<Applied>;
  /** The steps for a resource whose server is now ready. */
  stepsOf: (address: Address) => Promise<readonly Step[]>;
};

type Expand = {
  /** Runs further steps as a part of this one. @returns whether all of them succeeded */
  expand: (steps: readonly Step[]) => Promise<boolean>;
};

/**
 * After a failure, containers that are already starting get this long, so that one report names everything that is
 * broken (a wrong password fails several containers) without a long wait.
 */
const settleMilliseconds = 1_000;

/**
 * Executes a plan as a graph: each step begins as soon as everything it waits for is done.
 *
 * After a failure only waits may begin, starting containers get one more second, and the error has one problem for
 * each resource that is not ready. Finished steps stay, and the next run continues from there.
 *
 * @param options.signal Ctrl-C: waits end, nothing new begins, calls in progress complete
 * @param options.deadlineMilliseconds for the whole run, not counting preparation
 * @param options.beforeChange called once, between the last preparation and the first other step
 * @param options.begin opens resources that the steps share, such as a stream of events
 * @returns the duration, and the finished steps, including those of expansions
 * @throws ArcError with the problems (status 1), or the error of `interrupted` (130)
 */
export async function execute(options: {
  plan: Plan;
  report: StepReporter;
  clock: Clock;
  signal: AbortSignal;
  deadlineMilliseconds: number;
  begin: (moments: Moments) => Promise<Crew>;
  beforeChange?: () => Promise<void>;
}): Promise<{ milliseconds: number; done: readonly Step[] }> {
  const { plan, report, clock, signal, deadlineMilliseconds } = options;
  let began = clock.now();
  const finished = new AbortController();
  const deadline = new AbortController();
  const cancelled = new AbortController();
  const problems: Problem[] = [];
  const late: Promise<void>[] = [];
  const done: Step[] = [];

  let told: Promise<void> | undefined;
  const beforeChange = (): Promise<void> => {
    told ??= options.beforeChange?.() ?? Promise.resolve();
    return told;
  };
  const unprepared = new Set(plan.steps.filter(({ stage }) => stage === 'prepare'));
  const startDeadline = (): void => {
    began = clock.now();
    void clock.sleep(deadlineMilliseconds, finished.signal).then(() => deadline.abort());
  };
  signal.addEventListener('abort', () => cancelled.abort(), { signal: finished.signal });
  const mayStart = ({ stage }: Step): boolean =>
    !signal.aborted && !deadline.signal.aborted && (problems.length === 0 || stage === 'ready');
  let status: ExitStatus | undefined;
  const fail = (found: readonly Problem[]): void => {
    if (problems.length === 0)
      void clock.sleep(settleMilliseconds, finished.signal).then(() => cancelled.abort());
    problems.push(...found.filter((problem) => !problems.includes(problem)));
  };

  try {
    if (unprepared.size === 0) startDeadline();
    report.announce(plan.steps);
    const crew = await options.begin({
      deadline: deadline.signal,
      deadlineMilliseconds,
      cancelled: cancelled.signal,
      finished: finished.signal,
      began: () => began,
      failLater: (problem) => late.push(problem.then((found) => fail([found]))),
    });
    const run = async (step: Step, nearlyDone: () => void): Promise<boolean> => {
      report.begin(step);
      try {
        if (step.stage !== 'prepare') await beforeChange();
        const progress = (answer: Answer): void => report.progress(step, answer);
        const expand = (parts: readonly Step[]): Promise<boolean> => runParts(step, parts);
        const applied = await crew.apply(step, { signal, progress, nearlyDone, expand });
        report.end(step, { phase: applied === 'done' ? 'done' : 'failed' });
        if (applied !== 'done') return false;
        done.push(step);
        if (unprepared.delete(step) && unprepared.size === 0) startDeadline();
        return true;
      } catch (error) {
        if (!(error instanceof ArcError)) throw error;
        status ??= error.status;
        fail(error.problems);
        report.end(step, { phase: 'failed', problem: error.problems[0] });
        return false;
      }
    };
    const runAll = (steps: readonly Step[]): Promise<readonly Step[]> =>
      // A resource that something needs can be stopped as soon as the dependent's process has ended.
      schedule({ plan: { steps }, run, mayBeginThen: ({ stage }) => stage === 'stop', mayStart });
    async function runParts(parent: Step, steps: readonly Step[]): Promise<boolean> {
      report.announce(steps, parent);
      report.skip(await runAll(steps));
      return steps.every((step) => done.includes(step));
    }

    const left = await runAll(plan.steps);
    await Promise.all(late);
    report.skip(left);
    const [first, ...others] = problems;
    if (first) throw new ArcError({ problem: [first, ...others], status: status ?? exitStatus.failed });
    if (signal.aborted) throw crew.interrupted(left);
    if (left.length > 0) throw failed(notFinished({ left, deadlineMilliseconds }));
    return { milliseconds: clock.now() - began, done };
  } finally {
    finished.abort();
  }
}

/** The deadline has passed between two steps. */
function notFinished(options: { left: readonly Step[]; deadlineMilliseconds: number }): Problem {
  const { left, deadlineMilliseconds } = options;
  return {
    code: 'deadline-passed',
    message: `arc did not finish within ${Math.round(deadlineMilliseconds / 1000)} s, the deadline for the whole command.`,
    detail: left.map((step) => `not done: ${step.verb} ${describe(step)}`),
    suggestion: 'run the same command again to go on, or raise --timeout',
  };
}
