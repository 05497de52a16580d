import { formsOf, type Secret } from '../core/secret.ts';
import type { Manifests } from '../manifest/model.ts';
import type { Certificate } from './certificates.ts';
import { type Making, resolveContainer } from './containers.ts';
import { draftStack, type ResolveOptions, type StackDraft } from './draft.ts';
import type { FlavourDecision } from './flavours.ts';
import { closedFrontDoors } from './front-doors.ts';
import { compareText } from './graph.ts';
import { alternativeOf } from './image.ts';
import { logCollector } from './logging.ts';
import type { DescribedContainer, ResolvedDependency, ResolvedSetting, Stack } from './model.ts';
import { order } from './order.ts';
import { type Presence, presentAlone, seesTheSame } from './presence.ts';
import { throwIfAny } from './problems.ts';
import { allDevelopment, chooseSecrets, developmentSecrets, forRedaction } from './secrets.ts';
import { portableSettings } from './settings.ts';
import { createRenderer } from './template.ts';
import { type StackValues, stackValues } from './values.ts';
import { volumesOf } from './volumes.ts';
import { dependencyTarget, type Entry, indexWorkspace, type WorkspaceIndex } from './workspace-index.ts';

/**
 * Resolves manifests and choices to one stack with nothing left to decide. Pure, and linear in the size of the workspace.
 * Throws, with every problem of its kind at once: `unknown-name`, `unknown-setting`, `bad-setting`, `address-not-found`,
 * `development-secret`, `nothing-selected`, `no-flavours`, `unknown-flavour`, and what is wrong with a template (`bad-template`, `template-unknown-name`,
 * `template-no-value`, `secret-in-the-open`).
 */
export function resolveStack(options: ResolveOptions): Stack {
  return renderStack({ options, draft: draftStack(options) });
}

/**
 * The second half: every template rendered.
 *
 * @param options.draft of the same options, but for their certificates
 */
export function renderStack({ options, draft }: { options: ResolveOptions; draft: StackDraft }): Stack {
  const { manifests } = options;
  const { index, decisions, selection, absent, absences, settings } = draft;
  const { included, refused, warnings } = draft.closure;
  const secrets = chooseSecrets({ manifests, secrets: options.secrets });
  if (selection.production !== undefined) {
    throwIfAny(developmentSecrets({ profile: selection.production, included: included.values(), secrets }));
  }

  const alone = presentAlone(index);
  const isAbsent = (role: string): boolean =>
    selection.leftOut.has(role) || absent.has(role) || absences.has(role);
  const isThere = (role: string): boolean => options.present?.has(role) === true && !isAbsent(role);
  const isPresent: Presence = options.eachAlone
    ? alone
    : ({ role }) => isThere(role) || (options.presentOnly !== true && included.has(role));
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
    isAbsent,
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
    contracts: manifests.contracts,
    roles: new Set(included.keys()),
    inFlavours: (more) => resolveStack({ ...options, taken: { ...options.taken, ...more } }),
  };
}

function flavourOf(options: {
  entry: Entry;
  decision: FlavourDecision | undefined;
  making: Making;
}): Pick<DescribedContainer, 'flavour' | 'alternatives' | 'absence'> {
  const { entry, decision, making } = options;
  if (decision === undefined) return {};
  const { source } = making;
  const alternatives = decision.rest.flatMap((flavour) => alternativeOf({ flavour, entry, source }));
  const [absence] = decision.rest.flatMap(({ name, absent }) =>
    absent === undefined ? [] : [{ name, without: absent }],
  );
  return {
    flavour: decision.flavour,
    ...(alternatives.length === 0 ? {} : { alternatives }),
    ...(absence === undefined ? {} : { absence }),
  };
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
    // Its templates name it, and nothing else follows from it.
    if (dependency.to === 'use') continue;
    if (!included.has(target.role)) continue;
    if (dependency.when_present && !isPresent({ entry, role: target.role })) continue;
    present.set(target.role, {
      role: target.role,
      condition: target.kind === 'job' ? 'completed' : 'healthy',
      ...(dependency.to === 'ready' ? { to: dependency.to } : {}),
      ...(dependency.when_present ? { whenPresent: true as const } : {}),
      ...(target.kind === 'service' && target.manifest.health.command === undefined
        ? { unchecked: true }
        : {}),
      ...(dependency.hold_seconds === undefined ? {} : { holdSeconds: dependency.hold_seconds }),
      ...(dependency.restart ? { restart: true } : {}),
    });
  }
  return [...present.values()].toSorted((a, b) => compareText(a.role, b.role));
}

/** Readies templates and their values; a second set of values only for who needs it. */
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
  const { contracts } = manifests;
  const certificates = options.options.certificates ?? new Map();
  const portableChoices = portableSettings(manifests);
  const same =
    portable === undefined &&
    without.length === 0 &&
    [...decisions.values()].every(({ form, absent }) => form === undefined && absent === undefined) &&
    certificates.size === 0 &&
    allDevelopment({ manifests, secrets }) &&
    Object.entries(settings).every(([name, setting]) => portableChoices[name]?.value === setting.value);
  let committed: StackValues | undefined;
  const committedValues = (): StackValues => {
    committed ??= stackValues({
      ...{ project, contracts, isPresent: alone, isAbsent: () => false },
      index: indexWorkspace(portable ?? manifests),
      settings: portableChoices,
      secrets: chooseSecrets({ manifests, secrets: new Map() }),
      certificates: new Map(),
      flavours: new Map(),
    });
    return committed;
  };
  return {
    templates,
    withoutFiles: options.options.withoutFiles === true,
    production,
    portable: options.options.eachAlone === true,
    renderer: createRenderer(),
    collector: logCollector(index),
    source: release?.repository,
    values: stackValues({
      ...{ project, contracts, index, settings, secrets, certificates, isAbsent, isPresent },
      flavours: new Map(Array.from(decisions, ([role, { flavour }]) => [role, flavour.name])),
      ...(settingText === undefined ? {} : { settingText }),
    }),
    committed: (entry) =>
      same && seesTheSame({ entry, one: isPresent, other: alone }) ? undefined : committedValues(),
  };
}
