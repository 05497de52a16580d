import { ArcError, type Problem } from '../core/errors.ts';
import type { TaskState } from '../core/event.ts';
import { revisionTag } from '../git/source.ts';
import type { GithubRelease } from '../github/client.ts';
import type { RegistryImage } from '../registry/image.ts';
import { describeAction, type ReleaseStep, taskOf } from './actions.ts';
import { perform } from './perform.ts';
import type { ReleaseStage } from './plan.ts';
import type { Performed } from './step.ts';
import { buildImages, imageOf, type ReleaseProgress, type ReleaseWork } from './work.ts';

export type Released = {
  /** By role. */
  images: ReadonlyMap<string, RegistryImage>;
  hosted: GithubRelease | undefined;
  /** What was not run, by the step's words; also what turned out so only when it was tried. */
  notRun: readonly NotRunStep[];
};

export type NotRunStep = { step: string; reason: string; suggestion?: string };

/**
 * Carries out a release, stage by stage. A step that fails ends it after its stage, so that what the others of the
 * stage have done is kept; nothing of a later stage is begun.
 *
 * @throws ArcError with the problems of all steps that failed
 */
export async function executeRelease(work: ReleaseWork): Promise<Released> {
  const progress: ReleaseProgress = {
    images: new Map(Object.entries(work.plan.kept)),
    hosted: work.snapshot.hosted,
  };
  const notRun: NotRunStep[] = [];
  for (const stage of work.plan.stages) {
    work.signal.throwIfAborted();
    notRun.push(...(await runStage({ work, progress, stage })));
  }
  return { images: progress.images, hosted: progress.hosted, notRun };
}

async function runStage(options: {
  work: ReleaseWork;
  progress: ReleaseProgress;
  stage: ReleaseStage;
}): Promise<Released['notRun']> {
  const { work, progress, stage } = options;
  reportNotRun({ work, stage });
  const outcomes = await Promise.allSettled([
    ...stage.steps.flatMap((step) => (step.kind === 'build' ? [] : [runStep({ work, progress, step })])),
    runBuilds(options),
  ]);
  work.signal.throwIfAborted();
  throwAll(outcomes);
  return stage.steps.flatMap((step, index) => {
    const outcome = outcomes[index];
    const ended = outcome?.status === 'fulfilled' ? outcome.value : undefined;
    if (ended?.kind !== 'not-run') return [];
    const { reason, suggestion } = ended;
    return [{ step: describeAction(step), reason, ...(suggestion === undefined ? {} : { suggestion }) }];
  });
}

/** Images are built by one call, which shares what they have in common; it reports on each. */
async function runBuilds(options: {
  work: ReleaseWork;
  progress: ReleaseProgress;
  stage: ReleaseStage;
}): Promise<undefined> {
  const { work, progress, stage } = options;
  const builds = stage.steps.flatMap((step) => (step.kind === 'build' ? [step] : []));
  const toDo = builds.filter(({ state }) => state.kind === 'do');
  for (const step of builds) {
    if (step.state.kind === 'kept') report({ work, step, state: 'skipped', detail: step.state.because });
  }
  if (toDo.length === 0) return;
  await buildImages({ work, progress, images: toDo.map(({ image }) => image) });
  const tag = revisionTag(work.plan.commit);
  for (const step of toDo) {
    const { digest } = imageOf(progress, step.image);
    report({ work, step, state: 'done', detail: `${tag} is ${digest}` });
  }
}

async function runStep(options: {
  work: ReleaseWork;
  progress: ReleaseProgress;
  step: Exclude<ReleaseStep, { kind: 'build' }>;
}): Promise<Performed | undefined> {
  const { work, progress, step } = options;
  if (step.state.kind === 'not-run') return step.state;
  if (step.state.kind === 'kept') {
    report({ work, step, state: 'skipped', detail: step.state.because });
    return undefined;
  }
  const begun = performance.now();
  report({ work, step, state: 'running' });
  try {
    const performed = await perform({ work, progress, action: step });
    report({
      work,
      step,
      state: performed.kind === 'done' ? 'done' : 'skipped',
      detail: performed.kind === 'done' ? performed.detail : `not run: ${performed.reason}`,
      milliseconds: performance.now() - begun,
    });
    return performed;
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    report({ work, step, state: 'failed', detail, milliseconds: performance.now() - begun });
    throw error;
  }
}

/** Steps that are not run have few reasons; each is told once, and not again for every image and platform. */
function reportNotRun(options: { work: ReleaseWork; stage: ReleaseStage }): void {
  const { work, stage } = options;
  const reasons = new Map(
    stage.steps.flatMap(({ kind, state }) =>
      state.kind === 'not-run' ? [[`${kind} ${state.reason}`, { kind, reason: state.reason }] as const] : [],
    ),
  );
  for (const { kind, reason } of reasons.values()) {
    work.emit({
      type: 'task',
      id: `${stage.name}:${kind}:not-run`,
      subject: work.plan.request.service,
      action: kind,
      state: 'skipped',
      detail: `not run: ${reason}`,
    });
  }
}

function report(options: {
  work: ReleaseWork;
  step: ReleaseStep;
  state: TaskState;
  detail?: string | undefined;
  milliseconds?: number;
}): void {
  const { work, step, state, detail, milliseconds } = options;
  work.emit({
    type: 'task',
    id: step.id,
    ...taskOf(step),
    state,
    ...(detail === undefined ? {} : { detail }),
    ...(milliseconds === undefined ? {} : { milliseconds: Math.round(milliseconds) }),
  });
}

/** Problems of all steps at once; what is a fault of arc itself goes first, as it is. */
function throwAll(outcomes: readonly PromiseSettledResult<unknown>[]): void {
  const errors = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  const [first] = errors;
  if (first === undefined) return;
  const fault = errors.find((error) => !(error instanceof ArcError));
  if (fault !== undefined || errors.length === 1) throw fault ?? first;
  const known = errors.filter((error) => error instanceof ArcError);
  const [problem, ...others] = known.flatMap<Problem>(({ problems }) => [...problems]);
  const status = known[0]?.status;
  if (problem !== undefined && status !== undefined)
    throw new ArcError({ problem: [problem, ...others], status, cause: first });
}
