import { defined } from '../core/defined.ts';
import { anyFlavour, flavourNames, ownFlavour } from '../manifest/flavours.ts';
import type { WorkspaceManifest } from '../manifest/model.ts';
import type { ContainerForm, FlavourManifest } from '../manifest/model-flavours.ts';
import type { ResolvedFlavour, Stack } from './model.ts';
import type { Entry, WorkspaceIndex } from './workspace-index.ts';

/** Which flavours a person asked for, before what arc.yaml says. */
export type FlavourChoices = {
  /** Of every container that has it; the others are as they are written. */
  all?: string;
  byRole: Readonly<Record<string, string>>;
};

/** Flavours that were taken where the choice is open, by role. */
export type TakenFlavours = Readonly<Record<string, ResolvedFlavour>>;

/** The flavour of one container. */
export type FlavourDecision = {
  flavour: ResolvedFlavour;
  /** What the container is in it; absent as it is written. */
  form?: ContainerForm;
  /** Where there is no container in it: what the stack does without. */
  absent?: string;
  /** What comes next where the image cannot be had; nothing where the choice was a person's. */
  rest: readonly FlavourManifest[];
};

/** Decides the flavour of every container that has several, by role. */
export function decideFlavours(options: {
  index: WorkspaceIndex;
  workspace: WorkspaceManifest;
  choices: FlavourChoices;
  taken: TakenFlavours;
}): ReadonlyMap<string, FlavourDecision> {
  const decisions = new Map<string, FlavourDecision>();
  for (const entry of options.index.entries.values()) {
    if (entry.kind === 'job' || entry.manifest.flavours === undefined) continue;
    decisions.set(entry.role, decide({ ...options, role: entry.role, flavours: entry.manifest.flavours }));
  }
  return decisions;
}

function decide(options: {
  role: string;
  flavours: readonly FlavourManifest[];
  workspace: WorkspaceManifest;
  choices: FlavourChoices;
  taken: TakenFlavours;
}): FlavourDecision {
  const { role, flavours, taken } = options;
  const already = taken[role];
  const { name, because } = already ?? policyOf(options);
  const at = flavours.findIndex((one) => one.name === name);
  const found = flavours[at];
  if (found !== undefined) {
    const { form, without, absent } = found;
    return {
      flavour: { name, because, ...defined({ without: without ?? absent }) },
      ...defined({ form, absent }),
      rest: already === undefined ? [] : flavours.slice(at + 1),
    };
  }
  if (name === anyFlavour)
    return { flavour: { name: ownFlavour, because: 'preferred where it can be had' }, rest: flavours };
  return {
    flavour: { name: ownFlavour, because: name === ownFlavour ? because : `it has no flavour ${name}` },
    rest: already === undefined ? [] : flavours,
  };
}

function policyOf(options: {
  role: string;
  workspace: WorkspaceManifest;
  choices: FlavourChoices;
}): ResolvedFlavour {
  const { role, workspace, choices } = options;
  const flag = choices.byRole[role] ?? choices.all;
  if (flag !== undefined) return { name: flag, because: 'chosen with --flavour' };
  const override = workspace.flavour_overrides[role];
  if (override !== undefined) return { name: override, because: 'flavour_overrides in arc.yaml' };
  return { name: workspace.flavours, because: 'flavours in arc.yaml' };
}

/** The workspace with every container in the flavour that was decided. */
export function withForms(options: {
  index: WorkspaceIndex;
  decisions: ReadonlyMap<string, FlavourDecision>;
}): WorkspaceIndex {
  const { index, decisions } = options;
  const entries = Array.from(index.entries, ([role, entry]): [string, Entry] => {
    const form = decisions.get(role)?.form;
    return [role, entry.kind === 'job' || form === undefined ? entry : { ...entry, manifest: form }];
  });
  return { ...index, entries: new Map(entries) };
}

/**
 * The stack with the next flavour of every container whose image is among those that cannot be had, as long as it has
 * a next one.
 *
 * @param options.missing references of images
 */
export function withoutImages(options: { stack: Stack; missing: ReadonlySet<string> }): Stack {
  const { stack, missing } = options;
  const taken = stack.containers.flatMap(({ role, image, alternatives, absence }) => {
    const next = alternatives?.[0] ?? absence;
    if (next === undefined || !missing.has(image.reference)) return [];
    return [[role, { name: next.name, because: `${image.upstream} cannot be had here` }] as const];
  });
  if (taken.length === 0) return stack;
  // The next one may be missing, too. Each has fewer after it.
  return withoutImages({ stack: stack.inFlavours(Object.fromEntries(taken)), missing });
}

/** The containers that their flavour leaves out, by role. */
export function absentFlavours(
  decisions: ReadonlyMap<string, FlavourDecision>,
): ReadonlyMap<string, ResolvedFlavour> {
  return new Map(
    [...decisions].flatMap(([role, { flavour, absent }]) =>
      absent === undefined ? [] : [[role, flavour] as const],
    ),
  );
}

/** Names of all flavours that containers have, besides their own. */
export function allFlavourNames(index: WorkspaceIndex): ReadonlySet<string> {
  return new Set(
    [...index.entries.values()].flatMap((entry) =>
      entry.kind === 'job' ? [] : flavourNames(entry.manifest).slice(1),
    ),
  );
}
