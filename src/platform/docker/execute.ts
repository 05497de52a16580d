import type { Clock } from '../../core/clock.ts';
import type { EventSink } from '../../core/event.ts';
import { type Crew, execute as executePlan, type Insiders, type Moments } from '../../core/execute.ts';
import type { Prober } from '../../core/probes/probe.ts';
import { kindOf } from '../../core/resource.ts';
import type { Secret } from '../../core/secret.ts';
import type { Plan, Step } from '../../core/step.ts';
import type { Probe } from '../../stack/model.ts';
import type { Owner } from '../../stack/owner.ts';
import { type Ready, startWaits } from './boot-waits.ts';
import { containerFeed } from './container-feed.ts';
import { watchDeaths } from './deaths.ts';
import { dockerDrivers } from './drivers/all.ts';
import type { DockerRun, FileSource, ImageSource, ReloadSource } from './drivers/run.ts';
import type { Engine } from './engine.ts';
import { interruption } from './execute-failure.ts';
import { stepReporter } from './task-events.ts';

export type ExecuteOptions = {
  plan: Plan;
  engine: Engine;
  /** Absolute path of the workspace, for configuration is mounted from there. */
  root: string;
  /** The workspace, for the labels of created objects. */
  owner: Owner;
  emit: EventSink;
  images: ImageSource;
  files: FileSource;
  reloads: ReloadSource;
  /** Absent if nothing is inside of a server. */
  insiders?: Insiders;
  prober: Prober<Probe>;
  /** Taken out of everything that is reported. */
  secrets: Iterable<Secret>;
  /** Aborted by Ctrl-C: waits end, nothing new begins, calls to the Engine that are under way are completed. */
  signal: AbortSignal;
  /** For everything together. */
  deadlineMilliseconds: number;
  clock: Clock;
  /** Called once every image is there, before anything else is changed. */
  beforeChange?: () => Promise<void>;
};

/** The result of an execution; milliseconds count from its beginning. */
export type Execution = { milliseconds: number; ready: readonly Ready[]; done: readonly Step[] };

/**
 * Carries out a plan on an Engine: see core/execute.ts. A container that was ready and ends for good while others are
 * still starting fails the boot as well.
 *
 * @throws ArcError with the problems of the containers (status 1), or `interrupted` (130)
 */
export async function execute(options: ExecuteOptions): Promise<Execution> {
  const { plan } = options;
  let ready: readonly Ready[] = [];
  const begin = async (moments: Moments): Promise<Crew> => {
    const { engine, root, owner, emit, images, files, reloads, insiders } = options;
    const { finished } = moments;
    const feed = containerFeed({ engine, project: plan.project, signal: finished });
    const waits = await startWaits({
      ...options,
      feed,
      deadlines: moments,
      finished,
      began: moments.began,
      interrupted: options.signal,
      onLateEnd: moments.failLater,
    });
    const deaths = await watchDeaths({ plan, feed });
    const { project } = plan;
    const at: DockerRun = { engine, project, root, owner, emit, images, files, reloads, waits, deaths };
    return {
      apply: async (step, io) => {
        if (insiders?.has(step) === true) {
          if (step.verb !== 'expand') return await insiders.apply(step, io);
          return (await io.expand(await insiders.stepsOf(step.of))) ? 'done' : 'left';
        }
        const driver = dockerDrivers.get(kindOf(step.of));
        if (driver === undefined) throw new Error(`there is no driver for ${step.of}`);
        const applied = await driver.apply({ step, at, io });
        ready = [...waits.ready.values()];
        return applied;
      },
      interrupted: (left) => interruption({ plan, ready: waits.ready.keys(), started: waits.started, left }),
    };
  };
  const { milliseconds, done } = await executePlan({ ...options, report: stepReporter(options), begin });
  return { milliseconds, ready, done };
}
