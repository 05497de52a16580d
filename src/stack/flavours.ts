import { invalid } from '../core/errors.ts';
import type { FlavourPolicy, WorkspaceManifest } from '../manifest/model.ts';
import type { DescribedContainer, ResolvedContainer, Stack } from './model.ts';
import { unknownName } from './selection.ts';
import { volumesOf } from './volumes.ts';
import type { Entry, WorkspaceIndex } from './workspace-index.ts';

/** Which flavours a person asked for, before what arc.yaml says. */
export type FlavourChoices = {
  /** For every container that has flavours. */
  all?: FlavourPolicy;
  byRole: Readonly<Record<string, FlavourPolicy>>;
};

/**
 * Refuses choices for what is not there, or has no choice.
 *
 * @throws ArcError `unknown-name`, `no-flavours`
 */
export function checkFlavourChoices(options: { index: WorkspaceIndex; choices: FlavourChoices }): void {
  const { entries } = options.index;
  for (const role of Object.keys(options.choices.byRole)) {
    const entry = entries.get(role);
    if (entry === undefined) {
      const problem = unknownName({ name: role, known: entries.keys(), option: '--flavour ' });
      throw invalid(problem);
    }
    if (!hasFlavours(entry)) {
      const others = [...entries.values()].filter(hasFlavours).map((other) => other.role);
      throw invalid({
        code: 'no-flavours',
        message: `--flavour chooses a flavour for ${role}, which has only one.`,
        suggestion: others.length === 0 ? 'leave it out' : `these have several: ${others.join(', ')}`,
      });
    }
  }
}

function hasFlavours(entry: Entry): boolean {
  return entry.kind === 'service' && entry.manifest.flavours !== undefined;
}

/**
 * Resolves a container in its wanted flavour. If that depends on the images that arc can get, resolves the upstream's
 * with the embedded one as a fallback.
 *
 * @param options.resolve resolves one form of the container
 */
export function resolveFlavour(options: {
  entry: Entry;
  workspace: WorkspaceManifest;
  choices: FlavourChoices;
  resolve: (entry: Entry) => ResolvedContainer;
}): DescribedContainer {
  const { entry, resolve } = options;
  if (entry.kind === 'job' || entry.manifest.flavours === undefined) return resolve(entry);
  const { policy, source } = policyOf(options);
  const embedded = (because: string): ResolvedContainer => ({
    ...resolve({ ...entry, manifest: entry.manifest.flavours?.embedded ?? entry.manifest }),
    flavour: { name: 'embedded', because },
  });
  switch (policy) {
    case 'embedded':
      return embedded(source);
    case 'upstream':
      return { ...resolve(entry), flavour: { name: 'upstream', because: source } };
    case 'auto':
      return {
        ...resolve(entry),
        flavour: { name: 'upstream', because: 'preferred where it can be had' },
        fallback: embedded(`${entry.manifest.upstream} cannot be had here`),
      };
    default:
      return policy satisfies never;
  }
}

function policyOf(options: { entry: Entry; workspace: WorkspaceManifest; choices: FlavourChoices }): {
  policy: FlavourPolicy;
  source: string;
} {
  const { workspace, choices } = options;
  const { role } = options.entry;
  const flag = choices.byRole[role] ?? choices.all;
  if (flag !== undefined) return { policy: flag, source: 'chosen with --flavour' };
  const override = workspace.flavour_overrides[role];
  if (override !== undefined) return { policy: override, source: 'flavour_overrides in arc.yaml' };
  return { policy: workspace.flavours, source: 'flavours in arc.yaml' };
}

/**
 * The stack with some containers in their embedded flavour, where that may take the upstream's place.
 *
 * @param options.because why, unless because the upstream's image cannot be had
 */
export function withFallbacks(options: {
  stack: Stack;
  roles: ReadonlySet<string>;
  because?: string;
}): Stack {
  const { stack, roles, because } = options;
  const containers = stack.containers.map((container): DescribedContainer => {
    const { role, fallback } = container;
    if (fallback === undefined || !roles.has(role)) return container;
    return because === undefined ? fallback : { ...fallback, flavour: { name: 'embedded', because } };
  });
  return { ...stack, containers, volumes: volumesOf(containers) };
}
