import type { Clock } from './clock.ts';
import type { Applied, StepIo } from './driver.ts';
import { ArcError, type ExitStatus, exitStatus, failed, type Problem } from './errors.ts';
import type { Answer } from './event.ts';
import { describe } from './print-plan.ts';
import type { Address } from './resource.ts';
import { schedule } from './schedule.ts';
import type { Plan, Step } from './step.ts';

/** What is reported of a run. */
export type StepReporter = {
  /** Before any of them begins, so that a live display can lay them out; `parent` is what they are a part of. */
  announce: (steps: readonly Step[], parent?: Step) => void;
  begin: (step: Step) => void;
  /** What is being waited for says something new. */
  progress: (step: Step, answer: Answer) => void;
  end: (step: Step, end: { phase: 'done' } | { phase: 'failed'; problem?: Problem }) => void;
  skip: (steps: readonly Step[]) => void;
};

/** The moments of one run, shared by everything that waits in it. */
export type Moments = {
  /** The deadline of everything together, which begins when what has to be prepared is there. */
  deadline: AbortSignal;
  deadlineMilliseconds: number;
  /** Aborted by Ctrl-C, and a little after something has failed. */
  cancelled: AbortSignal;
  /** Aborted when the run is over. */
  finished: AbortSignal;
  /** When everything was prepared, on the clock: times are counted from there. */
  began: () => number;
  /** Something that was done has come undone. The problem comes once its log has been read. */
  failLater: (problem: Promise<Problem>) => void;
};

/** Whoever does the steps of one run. */
export type Crew = {
  apply: (step: Step, io: StepIo & Expand) => Promise<Applied>;
  /** Ctrl-C: what is done and what is not. */
  interrupted: (left: readonly Step[]) => ArcError;
};

/** Those who know what is inside of servers, while a plan is carried out. */
export type Insiders = {
  /** Whether a step is about something inside of a server. */
  has: (step: Step) => boolean;
  apply: (step: Step, io: StepIo) => Promise<Applied>;
  /** What has to be done about something, now that its server is ready. */
  stepsOf: (address: Address) => Promise<readonly Step[]>;
};

type Expand = {
  /** Does further steps as a part of this one. @returns whether all of them were done */
  expand: (steps: readonly Step[]) => Promise<boolean>;
};

/**
 * After a failure, how long what is already starting may go on, so that one report names everything that is
 * broken (a wrong password fails several containers) without keeping anybody waiting.
 */
const settleMilliseconds = 1_000;

/**
 * Carries out a plan as a graph: each step begins the moment that all it waits for is done.
 *
 * When something fails, nothing new begins but waits, what is starting gets a second, and the error has one problem for
 * each thing that is not ready. What was done stays, and the next run goes on from there.
 *
 * @param options.signal Ctrl-C: waits end, nothing new begins, calls that are under way are completed
 * @param options.deadlineMilliseconds for everything together, what is prepared not counted
 * @param options.beforeChange called once, when all is prepared, before the first other step
 * @param options.begin opens what the steps share, such as a stream of events
 * @returns how long it took, and the steps that were done, those of expansions among them
 * @throws ArcError with the problems (status 1), or what `interrupted` says (130)
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
      // What something needed can be stopped as soon as its process has ended.
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
    message: `Not everything was done within ${Math.round(deadlineMilliseconds / 1000)} s, the deadline of everything together.`,
    detail: left.map((step) => `not done: ${step.verb} ${describe(step)}`),
    suggestion: 'run the same command again to go on, or raise --timeout',
  };
}
