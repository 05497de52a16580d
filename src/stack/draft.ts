import { invalid } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import type { Manifests } from '../manifest/model.ts';
import type { Certificate } from './certificates.ts';
import { checkFlavourChoices } from './flavour-choices.ts';
import {
  absentFlavours,
  decideFlavours,
  type FlavourChoices,
  type FlavourDecision,
  type TakenFlavours,
  withForms,
} from './flavours.ts';
import { type Closure, close, findAbsences } from './graph.ts';
import type { ResolvedFlavour, ResolvedSetting } from './model.ts';
import { select } from './selection.ts';
import { chooseSettings, fillAddresses, type LookedUp, type SettingChoices } from './settings.ts';
import { indexWorkspace, type WorkspaceIndex } from './workspace-index.ts';

export type ResolveOptions = {
  manifests: Manifests;
  /**
   * By path relative to the workspace: the text of every template that a manifest names, and of every other file that
   * it names its text or, where it is not text in UTF-8, its bytes.
   */
  templates: ReadonlyMap<string, string | Uint8Array>;
  /** Names of profiles, services or containers; empty means the default profile. */
  selection: readonly string[];
  /** Names of services or containers that must not be part of the stack. */
  without: readonly string[];
  settings: SettingChoices;
  /** Real secrets by name; the development value stands in for any that is absent. */
  secrets: ReadonlyMap<string, Secret>;
  /** Certificates of the workspace's own authority by name, if there are any yet. */
  certificates?: ReadonlyMap<string, Certificate>;
  /** Flavours that were asked for; what arc.yaml says counts for the others. */
  flavours?: FlavourChoices;
  /** Flavours that were taken where the choice was left open. */
  taken?: TakenFlavours;
  /** The manifests with their ports where committed files have them, where this machine has chosen another place. */
  portable?: Manifests;
  /** Answers for the settings that `addressesToLookUp` lists. */
  lookedUp?: LookedUp;
  /**
   * How a setting is written in environment, command and health command, instead of its value: generated compose
   * files leave a choice there, `${LIVEKIT_NODE_IP:-127.0.0.1}`.
   */
  settingText?: (name: string, setting: ResolvedSetting) => string | undefined;
  /**
   * Roles that have a container already: a dependency `when_present` counts as there, although it is no part of this
   * stack, and so does what a sidecar is there only with.
   */
  present?: ReadonlySet<string>;
  /** Every service is resolved, whatever is meant to run: only what has a container counts as there. */
  presentOnly?: boolean;
  /** Without config files and mounted folders: who stops containers or asks them needs none, and they take most of the time. */
  withoutFiles?: boolean;
  /** Each service as its committed files have it, which bring along what it depends on and nothing else. */
  eachAlone?: boolean;
};

/** What is in a stack, and its settings, before any template is rendered. */
export type StackDraft = {
  /** In the flavours that are decided by now. */
  index: WorkspaceIndex;
  decisions: ReadonlyMap<string, FlavourDecision>;
  selection: ReturnType<typeof select>;
  /** Containers that their flavour leaves out. */
  absent: ReadonlyMap<string, ResolvedFlavour>;
  absences: ReturnType<typeof findAbsences>;
  closure: Closure;
  settings: Readonly<Record<string, ResolvedSetting>>;
};

/**
 * The first half of resolving: enough to know which certificates the templates need.
 *
 * @throws ArcError as {@link resolveStack} does, but for secrets and templates
 */
export function draftStack(options: ResolveOptions): StackDraft {
  const { manifests } = options;
  const { index, decisions } = choose(options);
  const selection = select({ manifests, index, selection: options.selection, without: options.without });
  const absent = absentFlavours(decisions);
  const out = { leftOut: selection.leftOut, absent };
  const absences = findAbsences({ index, ...out });
  const { roles, named } = selection;
  const { present = new Set() } = options;
  const closure = close({ index, roles, named, ...out, absences, present });
  if (closure.included.size === 0 && closure.refused.length === 0) {
    throw invalid({
      code: 'nothing-selected',
      message: `Nothing is left of ${selection.names.join(', ')}${options.without.length === 0 ? '' : ` without ${options.without.join(', ')}`}.`,
    });
  }

  const chosen = chooseSettings({ manifests, choices: options.settings });
  const settings = fillAddresses({ manifests, settings: chosen, lookedUp: options.lookedUp ?? {} });
  return { index, decisions, selection, absent, absences, closure, settings };
}

/**
 * The draft beside containers that are there already, which may bring sidecars along that are there only with them.
 *
 * @param options.draft of the same options, but for `present`
 */
export function draftBeside(options: { resolving: ResolveOptions; draft: StackDraft }): StackDraft {
  const { resolving, draft } = options;
  const { present = new Set() } = resolving;
  const { included } = draft.closure;
  const isMissed = [...included.values()].some(({ service }) =>
    service.sidecars.some(
      ({ role, only_with }) => !included.has(role) && only_with.some((other) => present.has(other)),
    ),
  );
  return isMissed ? draftStack(resolving) : draft;
}

/** The workspace in the flavours that are decided before anything is resolved. */
function choose({ manifests, flavours = { byRole: {} }, taken = {} }: ResolveOptions): {
  index: WorkspaceIndex;
  decisions: ReadonlyMap<string, FlavourDecision>;
} {
  const index = indexWorkspace(manifests);
  checkFlavourChoices({ index, choices: flavours });
  const { workspace } = manifests;
  const decisions = decideFlavours({ index, workspace, choices: flavours, taken });
  return { index: withForms({ index, decisions }), decisions };
}
