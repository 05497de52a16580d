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
  /** It is as it should be already. */
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

/** What an action is about, in the words of the plan: `image arc-realtime`, `tag arc-realtime:v0.1.0`. */
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

/** The same for those who watch: what is worked on, a line each on a terminal, and what is done with it. */
export function taskOf(action: ReleaseAction): { subject: string; action: string } {
  switch (action.kind) {
    case 'build':
      return { subject: `${action.image.name} image`, action: 'in the registry' };
    case 'scan':
      return { subject: `${action.image.name} scan`, action: action.platform };
    case 'sbom':
      return { subject: `${action.image.name} SBOM`, action: action.platform };
    case 'provenance':
      return { subject: `${action.image.name} provenance`, action: 'attach' };
    case 'sign':
      return { subject: `${action.image.name} signature`, action: 'sign' };
    case 'tag':
      return { subject: `${action.image.name} tag`, action: action.tag };
    case 'verify':
      return { subject: `${action.image.name} tags`, action: 'read back' };
    case 'git-tag':
      return { subject: 'git tag', action: action.name };
    case 'draft':
      return { subject: 'GitHub draft', action: action.tag };
    case 'asset':
      return { subject: 'GitHub asset', action: action.name };
    case 'publish':
      return { subject: 'GitHub release', action: action.tag };
    default:
      return action satisfies never;
  }
}
