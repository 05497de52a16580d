import { invalid } from '../core/errors.ts';
import { formsOf, type Secret } from '../core/secret.ts';
import type { Manifests } from '../manifest/model.ts';
import type { Certificate } from './certificates.ts';
import { type Making, resolveContainer } from './containers.ts';
import { checkFlavourChoices } from './flavour-choices.ts';
import {
  decideFlavours,
  type FlavourChoices,
  type FlavourDecision,
  type TakenFlavours,
  withForms,
} from './flavours.ts';
import { closedFrontDoors } from './front-doors.ts';
import { close, compareText, findAbsences } from './graph.ts';
import { alternativeOf } from './image.ts';
import type { DescribedContainer, ResolvedDependency, ResolvedSetting, Stack } from './model.ts';
import { order } from './order.ts';
import { type Presence, presentAlone } from './presence.ts';
import { throwIfAny } from './problems.ts';
import { allDevelopment, chooseSecrets, developmentSecrets, forRedaction } from './secrets.ts';
import { select } from './selection.ts';
import {
  chooseSettings,
  fillAddresses,
  type LookedUp,
  portableSettings,
  type SettingChoices,
} from './settings.ts';
import { createRenderer } from './template.ts';
import { stackValues } from './values.ts';
import { volumesOf } from './volumes.ts';
import { dependencyTarget, type Entry, indexWorkspace, type WorkspaceIndex } from './workspace-index.ts';

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
  /** Each service as its committed files have it, which bring along what it depends on and nothing else. */
  eachAlone?: boolean;
};

/**
 * Resolves manifests and choices to one stack with nothing left to decide. Pure, and linear in the size of the workspace.
 * Throws, with every problem of its kind at once: `unknown-name`, `unknown-setting`, `bad-setting`, `address-not-found`,
 * `development-secret`, `nothing-selected`, `no-flavours`, `unknown-flavour`, and what is wrong with a template (`bad-template`, `template-unknown-name`,
 * `template-no-value`, `secret-in-the-open`).
 */
export function resolveStack(options: ResolveOptions): Stack {
  const { manifests } = options;
  const { index, decisions } = choose(options);
  const selection = select({ manifests, index, selection: options.selection, without: options.without });
  const absences = findAbsences({ index, leftOut: selection.leftOut });
  const { included, refused, warnings } = close({ index, selection, absences });
  if (included.size === 0 && refused.length === 0) {
    throw invalid({
      code: 'nothing-selected',
      message: `Nothing is left of ${selection.names.join(', ')}${options.without.length === 0 ? '' : ` without ${options.without.join(', ')}`}.`,
    });
  }

  const chosen = chooseSettings({ manifests, choices: options.settings });
  const settings = fillAddresses({ manifests, settings: chosen, lookedUp: options.lookedUp ?? {} });
  const secrets = chooseSecrets({ manifests, secrets: options.secrets });
  if (selection.production !== undefined) {
    throwIfAny(developmentSecrets({ profile: selection.production, included: included.values(), secrets }));
  }

  const alone = presentAlone(index);
  const isPresent: Presence = options.eachAlone ? alone : ({ role }) => included.has(role);
  const dependencies = new Map(
    Array.from(included.values(), (entry) => [
      entry.role,
      presentDependencies({ entry, index, included, isPresent }),
    ]),
  );
  const { layers, criticalPath } = order(
    new Map(Array.from(dependencies, ([role, needs]) => [role, needs.map((need) => need.role)])),
  );

  const making = prepare({
    options,
    index,
    settings,
    secrets,
    isAbsent: (role) => selection.leftOut.has(role) || absences.has(role),
    isPresent,
    alone,
    production: selection.production !== undefined,
    decisions,
  });
  const containers = layers.flat().flatMap((role) => {
    const entry = included.get(role);
    if (entry === undefined) return [];
    const dependsOn = dependencies.get(role) ?? [];
    const container = resolveContainer({ entry, dependsOn, making });
    return [{ ...container, ...flavourOf({ entry, decision: decisions.get(role), making }) }];
  });
  throwIfAny(making.renderer.problems);
  const certificates = [...(options.certificates ?? new Map<string, Certificate>()).values()];
  const keys = certificates.flatMap(({ key }) => formsOf(key));
  const closed = closedFrontDoors({ entries: included.values() });

  return {
    project: manifests.workspace.project,
    network: manifests.workspace.network,
    ...portOffset(manifests),
    selection: selection.names,
    ...(selection.profile === undefined ? {} : { profile: selection.profile }),
    containers,
    volumes: volumesOf(containers),
    layers,
    criticalPath,
    refused,
    warnings: [...warnings, ...closed.map(({ problem }) => problem)],
    ...(closed.length === 0 ? {} : { closed }),
    secrets: [...forRedaction({ manifests, secrets }), ...keys],
    keep: certificates.flatMap(({ files }) => files),
    settings,
    inFlavours: (more) => resolveStack({ ...options, taken: { ...options.taken, ...more } }),
  };
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

function flavourOf(options: {
  entry: Entry;
  decision: FlavourDecision | undefined;
  making: Making;
}): Pick<DescribedContainer, 'flavour' | 'alternatives'> {
  const { entry, decision, making } = options;
  if (decision === undefined) return {};
  const { source } = making;
  const alternatives = decision.rest.flatMap((flavour) => alternativeOf({ flavour, entry, source }));
  return { flavour: decision.flavour, ...(alternatives.length === 0 ? {} : { alternatives }) };
}

function portOffset({ workspace }: Manifests): Pick<Stack, 'portOffset'> {
  const { offset } = workspace.ports;
  return offset === 'auto' || offset === 0 ? {} : { portOffset: offset };
}

/** The dependencies that are part of the stack, in order of name, each once. */
function presentDependencies(options: {
  entry: Entry;
  index: WorkspaceIndex;
  included: ReadonlyMap<string, Entry>;
  isPresent: Presence;
}): readonly ResolvedDependency[] {
  const { entry, index, included, isPresent } = options;
  const present = new Map<string, ResolvedDependency>();
  for (const dependency of entry.manifest.depends_on) {
    const target = dependencyTarget({ index, dependency });
    if (!included.has(target.role)) continue;
    if (dependency.when_present && !isPresent({ entry, role: target.role })) continue;
    present.set(target.role, {
      role: target.role,
      condition: target.kind === 'job' ? 'completed' : 'healthy',
      ...(dependency.to === 'ready' ? { to: dependency.to } : {}),
      ...(target.kind === 'service' && target.manifest.health.command === undefined
        ? { unchecked: true }
        : {}),
      ...(dependency.hold_seconds === undefined ? {} : { holdSeconds: dependency.hold_seconds }),
      ...(dependency.restart ? { restart: true } : {}),
    });
  }
  return [...present.values()].toSorted((a, b) => compareText(a.role, b.role));
}

/** Readies templates and their values; a second set of values only where it would differ from the committed one. */
function prepare(options: {
  options: ResolveOptions;
  index: WorkspaceIndex;
  settings: Readonly<Record<string, ResolvedSetting>>;
  secrets: ReadonlyMap<string, Secret>;
  isAbsent: (role: string) => boolean;
  isPresent: Presence;
  /** Presence in committed files. */
  alone: Presence;
  production: boolean;
  decisions: ReadonlyMap<string, FlavourDecision>;
}): Making {
  const { index, settings, secrets, isAbsent, isPresent, alone, production, decisions } = options;
  const { manifests, templates, without, settingText, portable } = options.options;
  const { project, release } = manifests.workspace;
  const certificates = options.options.certificates ?? new Map();
  const portableChoices = portableSettings(manifests);
  const same =
    portable === undefined &&
    without.length === 0 &&
    [...decisions.values()].every(({ form }) => form === undefined) &&
    certificates.size === 0 &&
    (isPresent === alone || !namesWhatMayBePresent(index)) &&
    allDevelopment({ manifests, secrets }) &&
    Object.entries(settings).every(([name, setting]) => portableChoices[name]?.value === setting.value);
  return {
    templates,
    production,
    renderer: createRenderer(),
    source: release?.repository,
    values: stackValues({
      project,
      index,
      settings,
      secrets,
      certificates,
      isAbsent,
      isPresent,
      ...(settingText === undefined ? {} : { settingText }),
    }),
    ...(same
      ? {}
      : {
          committed: stackValues({
            project,
            index: indexWorkspace(portable ?? manifests),
            settings: portableChoices,
            secrets: chooseSecrets({ manifests, secrets: new Map() }),
            certificates: new Map(),
            isAbsent: () => false,
            isPresent: alone,
          }),
        }),
  };
}

function namesWhatMayBePresent(index: WorkspaceIndex): boolean {
  return [...index.entries.values()].some(({ manifest }) =>
    manifest.depends_on.some(({ when_present }) => when_present),
  );
}
