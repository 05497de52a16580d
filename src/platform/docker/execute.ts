import type { Clock } from '../../core/clock.ts';
import { ArcError, exitStatus, failed, type Problem } from '../../core/errors.ts';
import type { EventSink } from '../../core/event.ts';
import type { Prober } from '../../core/probes/probe.ts';
import type { Secret } from '../../core/secret.ts';
import type { Probe } from '../../stack/model.ts';
import type { Owner } from '../../stack/owner.ts';
import { isWait, type Ready, startWaits, type Wait } from './boot-waits.ts';
import { watchDeaths } from './deaths.ts';
import type { Engine } from './engine.ts';
import { interruption, notFinished } from './execute-failure.ts';
import type { Operation, Plan } from './operation.ts';
import { perform } from './perform.ts';
import { schedule } from './schedule.ts';
import { taskReporter } from './task-events.ts';

export type ExecuteOptions = {
  plan: Plan;
  engine: Engine;
  /** Absolute path of the workspace, for configuration is mounted from there. */
  root: string;
  /** The workspace, for the labels of what is made. */
  owner: Owner;
  emit: EventSink;
  prober: Prober<Probe>;
  /** Taken out of everything that is reported. */
  secrets: Iterable<Secret>;
  /** Aborted by Ctrl-C: waits end, nothing new begins, calls to the Engine that are under way are completed. */
  signal: AbortSignal;
  /** For everything together. */
  deadlineMilliseconds: number;
  clock: Clock;
};

/** What an execution has done; milliseconds count from its beginning. */
export type Execution = { milliseconds: number; ready: readonly Ready[] };

/**
 * After a failure, how long what is already starting may go on, so that one report names everything that is
 * broken (a wrong password fails several containers) without keeping anybody waiting.
 */
const settleMilliseconds = 1_000;

/**
 * Carries out a plan as a graph: each operation begins the moment that all it waits for is done.
 *
 * When something fails, nothing new begins, what is starting gets a second, and the error has one problem for each
 * container that is not ready. What runs then stays, and the next `up` goes on from there. A container that was
 * ready and ends for good while others are still starting fails the boot as well.
 *
 * @throws ArcError with the problems of the containers (status 1), or `interrupted` (130)
 */
export async function execute(options: ExecuteOptions): Promise<Execution> {
  const { plan, engine, root, owner, emit, clock, signal, deadlineMilliseconds } = options;
  const began = clock.now();
  const report = taskReporter(options);
  const finished = new AbortController();
  const deadline = new AbortController();
  const cancelled = new AbortController();
  const problems: Problem[] = [];
  const late: Promise<void>[] = [];

  void clock.sleep(deadlineMilliseconds, finished.signal).then(() => deadline.abort());
  signal.addEventListener('abort', () => cancelled.abort(), { signal: finished.signal });
  const mayStart = (operation: Operation): boolean =>
    !signal.aborted && !deadline.signal.aborted && (problems.length === 0 || isWait(operation));
  const fail = (found: readonly Problem[]): void => {
    if (problems.length === 0) {
      void clock.sleep(settleMilliseconds, finished.signal).then(() => cancelled.abort());
    }
    problems.push(...found);
  };

  try {
    const waits = await startWaits({
      ...options,
      deadlines: { deadline: deadline.signal, deadlineMilliseconds, cancelled: cancelled.signal },
      finished: finished.signal,
      interrupted: signal,
      onAnswer: (operation, { answer }) => report.progress(operation, answer),
      onLateEnd: (problem) => late.push(problem.then((found) => fail([found]))),
    });

    const runWait = async (operation: Wait): Promise<boolean> => {
      const problem = await waits.wait(operation);
      if (problem) fail([problem]);
      const isReady = waits.ready.has(operation.container.name);
      report.end(operation, isReady ? 'done' : 'failed', problem?.message);
      return isReady;
    };
    const deaths = await watchDeaths({ plan, engine, signal: finished.signal });
    const run = async (operation: Operation, isAsGoodAsDone: () => void): Promise<boolean> => {
      report.begin(operation);
      try {
        if (isWait(operation)) return await runWait(operation);
        waits.follow(operation);
        if (operation.kind === 'stop-container') deaths.once(operation.name, isAsGoodAsDone);
        await perform({ operation, engine, project: plan.project, root, owner, emit });
        report.end(operation, 'done');
        return true;
      } catch (error) {
        if (!(error instanceof ArcError)) throw error;
        fail(error.problems);
        report.end(operation, 'failed', error.message);
        return false;
      }
    };

    // What a container needed can be stopped as soon as its process has ended.
    const mayBeginThen = ({ kind }: Operation): boolean => kind === 'stop-container';
    const left = await schedule({ plan, run, mayBeginThen, mayStart });
    await Promise.all(late);
    report.skip(left);
    const [first, ...others] = problems;
    if (first) throw new ArcError({ problem: [first, ...others], status: exitStatus.failed });
    if (signal.aborted) throw interruption({ plan, ready: waits.ready.keys(), started: waits.started, left });
    if (left.length > 0) throw failed(notFinished({ left, deadlineMilliseconds }));
    return { milliseconds: clock.now() - began, ready: [...waits.ready.values()] };
  } finally {
    finished.abort();
  }
}
