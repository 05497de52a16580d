import type { Problem } from '../core/errors.ts';
import type { RegistryImage } from '../registry/image.ts';
import { type ReleaseStep, type StepState, stepOf } from './actions.ts';
import { decideImage } from './decide-image.ts';
import type { ReleaseRequest, ReleaseSnapshot } from './model.ts';
import { gitTagOf } from './names.ts';
import {
  assets,
  descriptions,
  draft,
  gitTag,
  latest,
  type Planning,
  publish,
  scans,
  signatures,
  stateOf,
  tags,
  verifications,
} from './plan-stages.ts';
import { preflight } from './preflight.ts';

/** Stages are carried out one after the other; steps of a stage at the same time. */
export type ReleaseStage = { name: string; steps: readonly ReleaseStep[] };

export type ReleasePlan = {
  request: ReleaseRequest;
  commit: string;
  /** Images that exist already, by role. */
  kept: Readonly<Record<string, RegistryImage>>;
  stages: readonly ReleaseStage[];
};

/**
 * Plans the release of a version from what exists. The order never refers to something that does not exist yet: images,
 * then documents about them, then their version, then the release that points to them, then `latest`.
 *
 * @returns the plan, or everything that is in its way
 */
export function planRelease(options: {
  request: ReleaseRequest;
  snapshot: ReleaseSnapshot;
}): { plan: ReleasePlan } | { problems: readonly [Problem, ...Problem[]] } {
  const { request, snapshot } = options;
  const decisions = request.images.map((image) => ({
    image,
    state: stateOf(snapshot, image),
    decision: decideImage({
      tagged: [...snapshot.localTags, ...snapshot.remoteTags].some(
        ({ name, commit }) => name === gitTagOf(request) && commit === snapshot.source.commit,
      ),
      request,
      commit: snapshot.source.commit,
      image,
      state: stateOf(snapshot, image),
    }),
  }));
  const [first, ...rest] = [
    ...preflight({
      ...options,
      toBuild: decisions.flatMap(({ image, decision }) => (decision.kind === 'build' ? [image] : [])),
    }),
    ...decisions.flatMap(({ decision }) => (decision.kind === 'taken' ? [decision.problem] : [])),
  ];
  if (first !== undefined) return { problems: [first, ...rest] };
  const kept = Object.fromEntries(
    decisions.flatMap(({ image, decision }) =>
      decision.kind === 'kept' ? [[image.role, decision.image]] : [],
    ),
  );
  const builds = decisions.map(({ image, decision }): ReleaseStep => {
    const state: StepState =
      decision.kind === 'kept'
        ? { kind: 'kept', because: `${decision.because}: ${decision.image.digest}` }
        : { kind: 'do', cause: decision.kind === 'build' ? decision.cause : '' };
    return stepOf({ kind: 'build', image }, state);
  });
  const planning: Planning = { ...options, kept };
  return {
    plan: {
      request,
      commit: snapshot.source.commit,
      kept,
      stages: [
        { name: 'build', steps: builds },
        ...[
          { name: 'scan', steps: scans(planning) },
          { name: 'describe', steps: descriptions(planning) },
          { name: 'sign', steps: signatures(planning) },
          { name: 'tag', steps: tags(planning) },
          { name: 'verify', steps: verifications(planning) },
          { name: 'git tag', steps: [gitTag(planning)] },
          { name: 'draft', steps: [draft(planning)] },
          { name: 'assets', steps: assets(planning) },
          { name: 'publish', steps: [publish(planning)] },
          { name: 'latest', steps: latest(planning) },
        ].filter(({ steps }) => steps.length > 0),
      ],
    },
  };
}

/** Number of steps in each state. */
export function countSteps(plan: ReleasePlan): { toDo: number; kept: number; notRun: number } {
  const states = plan.stages.flatMap(({ steps }) => steps.map(({ state }) => state.kind));
  const count = (kind: StepState['kind']) => states.filter((state) => state === kind).length;
  return { toDo: count('do'), kept: count('kept'), notRun: count('not-run') };
}
