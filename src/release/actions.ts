import type { StepEvent } from '../core/event.ts';
import type { ReleaseImage } from './model.ts';

/** One thing that a release makes sure of. */
export type ReleaseAction =
  /** Built by digest for all platforms, and named by its commit. */
  | { kind: 'build'; image: ReleaseImage }
  | { kind: 'scan'; image: ReleaseImage; platform: string }
  | { kind: 'sbom'; image: ReleaseImage; platform: string }
  | { kind: 'provenance'; image: ReleaseImage }
  | { kind: 'sign'; image: ReleaseImage }
  | { kind: 'tag'; image: ReleaseImage; tag: string }
  /** Every tag is read back, and is the image that was built. */
  | { kind: 'verify'; image: ReleaseImage; tags: readonly string[] }
  | { kind: 'git-tag'; name: string }
  | { kind: 'draft'; tag: string }
  | { kind: 'asset'; name: string }
  | { kind: 'publish'; tag: string };

export type ReleaseStep = ReleaseAction & { id: string; state: StepState };

export type StepState =
  | { kind: 'do'; cause: string }
  /** Nothing has to be done. */
  | { kind: 'kept'; because: string }
  /** `suggestion`: what would have it run. */
  | { kind: 'not-run'; reason: string; suggestion?: string };

/** A step of a plan; the same action has the same id in every run. */
export function stepOf(action: ReleaseAction, state: StepState): ReleaseStep {
  return { ...action, id: idOf(action), state };
}

function idOf(action: ReleaseAction): string {
  switch (action.kind) {
    case 'build':
    case 'provenance':
    case 'sign':
    case 'verify':
      return `${action.kind}:${action.image.name}`;
    case 'scan':
    case 'sbom':
      return `${action.kind}:${action.image.name}:${action.platform}`;
    case 'tag':
      return `tag:${action.image.name}:${action.tag}`;
    case 'git-tag':
    case 'asset':
      return `${action.kind}:${action.name}`;
    case 'draft':
    case 'publish':
      return `${action.kind}:${action.tag}`;
    default:
      return action satisfies never;
  }
}

/** An action in the words of the plan: `image arc-realtime`, `tag arc-realtime:v0.1.0`. */
export function describeAction(action: ReleaseAction): string {
  switch (action.kind) {
    case 'build':
      return `image ${action.image.name}`;
    case 'scan':
      return `scan ${action.image.name} ${action.platform}`;
    case 'sbom':
      return `SBOM ${action.image.name} ${action.platform}`;
    case 'provenance':
      return `provenance ${action.image.name}`;
    case 'sign':
      return `signature ${action.image.name}`;
    case 'tag':
      return `tag ${action.image.name}:${action.tag}`;
    case 'verify':
      return `verify ${action.image.name}`;
    case 'git-tag':
      return `git tag ${action.name}`;
    case 'draft':
      return `draft ${action.tag}`;
    case 'asset':
      return `asset ${action.name}`;
    case 'publish':
      return `publish ${action.tag}`;
    default:
      return action satisfies never;
  }
}

/** The verb and the address of an action; see core/event.ts. */
export function verbAndAddress(action: ReleaseAction): Pick<StepEvent, 'verb' | 'on'> {
  switch (action.kind) {
    case 'build':
      return { verb: 'build-and-push', on: `image/${action.image.name}` };
    case 'scan':
      return { verb: 'scan', on: `image/${action.image.name}/${action.platform}` };
    case 'sbom':
      return { verb: 'attach', on: `sbom/${action.image.name}/${action.platform}` };
    case 'provenance':
      return { verb: 'attach', on: `provenance/${action.image.name}` };
    case 'sign':
    case 'verify':
      return { verb: action.kind, on: `image/${action.image.name}` };
    case 'tag':
      return { verb: 'tag', on: `image/${action.image.name}:${action.tag}` };
    case 'git-tag':
      return { verb: 'push', on: `git-tag/${action.name}` };
    case 'draft':
      return { verb: 'create', on: `github-draft/${action.tag}` };
    case 'asset':
      return { verb: 'upload', on: `github-asset/${action.name}` };
    case 'publish':
      return { verb: 'publish', on: `github-release/${action.tag}` };
    default:
      return action satisfies never;
  }
}
