import { ArcError, type Problem } from '../core/errors.ts';
import type { StepEvent } from '../core/event.ts';
import { problemOf } from '../core/report-step.ts';
import { revisionTag } from '../git/source.ts';
import type { GithubRelease } from '../github/client.ts';
import type { RegistryImage } from '../registry/image.ts';
import { describeAction, type ReleaseStep, verbAndAddress } from './actions.ts';
import { perform } from './perform.ts';
import type { ReleaseStage } from './plan.ts';
import type { Performed } from './step.ts';
import { buildImages, imageOf, type ReleaseProgress, type ReleaseWork } from './work.ts';

export type Released = {
  /** By role. */
  images: ReadonlyMap<string, RegistryImage>;
  hosted: GithubRelease | undefined;
  /** Steps that did not run, by their words, including those that turned out so only when they were tried. */
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
    if (step.state.kind === 'kept') report({ work, step, ...kept(step.state) });
  }
  if (toDo.length === 0) return;
  await buildImages({ work, progress, images: toDo.map(({ image }) => image) });
  const tag = revisionTag(work.plan.commit);
  for (const step of toDo) {
    const { digest } = imageOf(progress, step.image);
    report({ work, step, phase: 'done', outcome: { tag, digest } });
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
    report({ work, step, ...kept(step.state) });
    return undefined;
  }
  const begun = performance.now();
  report({ work, step, phase: 'running' });
  try {
    const performed = await perform({ work, progress, action: step });
    report({ work, step, ...endOf(performed), milliseconds: Math.round(performance.now() - begun) });
    return performed;
  } catch (error) {
    const milliseconds = Math.round(performance.now() - begun);
    report({ work, step, phase: 'failed', problem: problemOf(error, 'internal'), milliseconds });
    throw error;
  }
}

type News = Pick<StepEvent, 'phase' | 'cause' | 'kept' | 'outcome' | 'problem' | 'milliseconds'>;

function kept({ because }: { because: string }): News {
  return { phase: 'skipped', kept: true, cause: because };
}

function endOf(performed: Performed): News {
  switch (performed.kind) {
    case 'done':
      return { phase: 'done', ...(performed.outcome && { outcome: performed.outcome }) };
    case 'kept':
      return kept(performed);
    case 'not-run':
      return { phase: 'skipped', cause: performed.reason };
    default:
      return performed satisfies never;
  }
}

/** Few reasons keep steps from running; each is reported once, not for every image and platform. */
function reportNotRun(options: { work: ReleaseWork; stage: ReleaseStage }): void {
  const { work, stage } = options;
  const reasons = new Map(
    stage.steps.flatMap((step) =>
      step.state.kind === 'not-run' ? [[`${step.kind} ${step.state.reason}`, step] as const] : [],
    ),
  );
  for (const step of reasons.values()) {
    if (step.state.kind !== 'not-run') continue;
    work.emit({
      type: 'step',
      id: `${stage.name}:${step.kind}:not-run`,
      verb: verbAndAddress(step).verb,
      on: `service/${work.plan.request.service}`,
      phase: 'skipped',
      cause: step.state.reason,
    });
  }
}

function report({ work, step, ...news }: { work: ReleaseWork; step: ReleaseStep } & News): void {
  work.emit({ type: 'step', id: step.id, ...verbAndAddress(step), ...news });
}

/** Reports the problems of all steps together; a fault of arc itself comes first, unchanged. */
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
