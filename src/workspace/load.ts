import { join } from 'node:path';
import { noContracts } from '../contracts/model.ts';
import { defined } from '../core/defined.ts';
import { ArcError, exitStatus, type Problem } from '../core/errors.ts';
import { Secret } from '../core/secret.ts';
import { usualCacheDirectory } from '../host/home.ts';
import { workspaceFile } from '../manifest/file-names.ts';
import { formsOf } from '../manifest/flavours.ts';
import type { Manifests } from '../manifest/model.ts';
import { offsetProblems } from '../manifest/offset-problems.ts';
import { placePorts, portPlace } from '../manifest/place-ports.ts';
import { type Certificate, wantedCertificates } from '../stack/certificates.ts';
import { draftBeside, draftStack, type StackDraft } from '../stack/draft.ts';
import type { FlavourChoices } from '../stack/flavours.ts';
import type { Stack } from '../stack/model.ts';
import { throwIfAny } from '../stack/problems.ts';
import { renderStack } from '../stack/resolve.ts';
import {
  addressesToLookUp,
  type LookedUp,
  loopbackDefaults,
  type SettingChoices,
} from '../stack/settings.ts';
import { certificatesOf } from './authority/store.ts';
import { readIfThere } from './files.ts';
import { programFile } from './kept-copy.ts';
import { keptParse, type Parsed } from './kept-parse.ts';
import { readPortOffset } from './port-offset.ts';
import { findWorkspace, readWorkspace } from './read.ts';
import { readSecrets } from './secrets.ts';
import { readSecretsFile } from './secrets-file.ts';
import { templatesOf } from './templates.ts';

/** The workspace's files, read once, and what they say. */
export type Workspace = {
  /** Absolute. */
  root: string;
  files: ReadonlyMap<string, string | Uint8Array>;
  manifests: Manifests;
  /** The offset that this machine chose for `offset: auto`; absent until it has chosen one. */
  portOffset?: number;
  warnings: readonly Problem[];
};

/** The selected part of the workspace, from flags. */
export type StackRequest = {
  selection: readonly string[];
  without: readonly string[];
  /** Settings given as flags. */
  settings: Readonly<Record<string, string>>;
  /** Flavours given as flags. */
  flavours?: FlavourChoices;
  /** Without config files and mounted folders, and so without certificates. */
  withoutFiles?: boolean;
};

/** Resolves a stack once more, with other roles that have a container already; `only` those count as there. */
export type Resolve = (among?: { present: ReadonlySet<string>; only: boolean }) => Stack;

/**
 * Finds the workspace from `cwd` upwards, reads it and parses its manifests.
 *
 * @throws ArcError (exit status 2) with every problem of the manifests at once
 */
export async function loadWorkspace(options: { cwd: string }): Promise<Workspace> {
  const root = await findWorkspace({ cwd: options.cwd });
  return await parseWorkspace({ root, files: await readWorkspace({ root }) });
}

/**
 * Parses the manifests of a workspace that has been read.
 *
 * @throws ArcError as {@link loadWorkspace}
 */
export async function parseWorkspace(read: Pick<Workspace, 'root' | 'files'>): Promise<Workspace> {
  const { root, files } = read;
  const { manifests, warnings } = await parsedOf(read);
  const portOffset = manifests.workspace.ports.offset === 'auto' ? readPortOffset({ root }) : undefined;
  return { root, files, manifests, warnings, ...(portOffset === undefined ? {} : { portOffset }) };
}

async function parsedOf(read: Pick<Workspace, 'root' | 'files'>): Promise<Parsed> {
  const cache = usualCacheDirectory(process.env);
  const kept = programFile === undefined ? undefined : keptParse({ ...read, cache, program: programFile });
  const known = kept?.read();
  if (known !== undefined) return known;
  // Most commands find it parsed, and need not even load what parses.
  const { parseManifests } = await import('../manifest/parse.ts');
  const { manifests, problems, warnings } = parseManifests(read);
  const [first, ...rest] = problems;
  if (first !== undefined) throw new ArcError({ problem: [first, ...rest], status: exitStatus.invalid });
  if (manifests === undefined) throw new Error('manifests without problems are always given');
  kept?.keep({ manifests, warnings });
  return { manifests, warnings };
}

/**
 * Resolves what was asked for into one stack, with the settings and secrets of this machine.
 *
 * @throws ArcError as {@link openResolver}
 */
export async function loadStack(options: Parameters<typeof openResolver>[0]): Promise<Stack> {
  return (await openResolver(options))();
}

/**
 * Reads all that a stack is resolved with but for what is there on an Engine, which is known later.
 *
 * @param options.engineAddress where an Engine of another machine is; that is the default of an address setting there
 * @throws ArcError for an unknown selection, a setting's bad value, secrets that cannot be read or used, one that a
 *   production profile refuses
 */
export async function openResolver(options: {
  workspace: Workspace;
  request: StackRequest;
  environment: Readonly<Record<string, string>>;
  engineAddress?: () => Promise<EngineAddress | undefined>;
}): Promise<Resolve> {
  const { workspace, request, environment } = options;
  const choices: SettingChoices = { environment, flags: request.settings };
  const { secrets, warnings, problems } = readSecrets({
    root: workspace.root,
    manifests: workspace.manifests,
    environment,
  });
  throwIfAny(problems);
  const { lookedUp, unknown } = await lookUpAddresses({
    ...options,
    manifests: workspace.manifests,
    choices,
  });
  const resolving = {
    ...placedManifests(workspace),
    templates: templatesOf(workspace),
    selection: request.selection,
    without: request.without,
    settings: choices,
    ...defined({ flavours: request.flavours, withoutFiles: request.withoutFiles }),
    secrets,
    lookedUp,
  };
  const draft = draftStack(resolving);
  // Only config files hold certificates; an authority that is not kept yet would be made for each command.
  const certificates = request.withoutFiles ? new Map() : await certificatesFor({ workspace, draft });
  return (among) => {
    const there = among && { present: among.present, presentOnly: among.only };
    const beside = { ...resolving, certificates, ...there };
    const stack = renderStack({ options: beside, draft: draftBeside({ resolving: beside, draft }) });
    return withWarnings(stack, [...warnings, ...unknown]);
  };
}

/** The stack in whatever flavours, with what is to be said of it in all of them. */
function withWarnings(stack: Stack, warnings: readonly Problem[]): Stack {
  return {
    ...stack,
    warnings: [...stack.warnings, ...warnings],
    inFlavours: (taken) => withWarnings(stack.inFlavours(taken), warnings),
  };
}

/** The certificates of the services of a stack. */
function certificatesFor(options: {
  workspace: Workspace;
  draft: StackDraft;
}): Promise<ReadonlyMap<string, Certificate>> {
  const { workspace, draft } = options;
  const services = new Set(Array.from(draft.closure.included.values(), ({ service }) => service));
  return certificatesOf({
    root: workspace.root,
    project: workspace.manifests.workspace.project,
    wanted: wantedCertificates({ services: [...services], settings: draft.settings }),
    now: new Date(),
  });
}

/**
 * The manifests with this machine's ports. Committed files keep the ports of the manifests if each machine chooses its
 * own.
 *
 * @throws ArcError (exit status 2) if a port was added that cannot be moved by the chosen offset
 */
export function placedManifests(options: Pick<Workspace, 'manifests' | 'portOffset'>): {
  manifests: Manifests;
  portable?: Manifests;
} {
  const { manifests, portOffset } = options;
  if (portOffset === undefined) return { manifests };
  const place = portPlace({ workspace: manifests.workspace, chosen: portOffset });
  const containers = manifests.services.flatMap((service) => [service, ...service.sidecars]);
  throwIfAny(containers.flatMap(formsOf).flatMap((container) => offsetProblems({ container, place })));
  return { manifests: placePorts({ manifests, place }), portable: manifests };
}

/**
 * The known facts about a stack with invalid manifests: its project, from arc.yaml, and its secrets, so that they are
 * still redacted: those in the secrets file, and variables of the environment with secret-like names.
 *
 * @returns undefined if arc.yaml is what cannot be used
 */
export async function loadBareStack(options: {
  cwd: string;
  environment: Readonly<Record<string, string>>;
}): Promise<{ root: string; stack: Stack } | undefined> {
  const root = await findWorkspace({ cwd: options.cwd });
  const { parseWorkspaceFile } = await import('../manifest/parse.ts');
  const workspace = parseWorkspaceFile({ content: readIfThere(join(root, workspaceFile)) });
  if (workspace === undefined) return undefined;
  const stack: Stack = {
    inFlavours: () => stack,
    project: workspace.project,
    network: workspace.network,
    selection: [],
    roles: new Set(),
    containers: [],
    volumes: [],
    layers: [],
    criticalPath: [],
    refused: [],
    warnings: [],
    keep: [],
    secrets: [
      ...readSecretsFile({ root }).hidden,
      ...Object.entries(options.environment)
        .filter(([name]) => /SECRET|PASSWORD|TOKEN|KEY/i.test(name))
        .map(([, value]) => new Secret(value)),
    ],
    settings: {},
    contracts: noContracts,
  };
  return { root, stack };
}

/** An Engine's machine other than this one: its name for people and, if known, its address. */
type EngineAddress = { machine: string; address: string | undefined };

/** Answers for the address settings that are set to `lan` or `public`, or are to follow the Engine. */
async function lookUpAddresses(options: {
  manifests: Manifests;
  choices: SettingChoices;
  engineAddress?: () => Promise<EngineAddress | undefined>;
}): Promise<{ lookedUp: LookedUp; unknown: readonly Problem[] }> {
  const engine = await options.engineAddress?.();
  const asked = addressesToLookUp(options);
  if (engine !== undefined) return addressesOfEngine({ ...options, asked, engine });
  if (asked.length === 0) return { lookedUp: {}, unknown: [] };
  const { lookUpAddress } = await import('../host/address.ts');
  const found = asked.map(async ({ name, mode }) => [name, await lookUpAddress({ mode })] as const);
  return { lookedUp: Object.fromEntries(await Promise.all(found)), unknown: [] };
}

/** Lookups from here concern this machine, but the containers run on another one. */
function addressesOfEngine(options: {
  manifests: Manifests;
  choices: SettingChoices;
  asked: ReturnType<typeof addressesToLookUp>;
  engine: EngineAddress;
}): { lookedUp: LookedUp; unknown: readonly Problem[] } {
  const { engine, asked } = options;
  const { machine, address } = engine;
  const isPublic = asked.filter(({ mode }) => mode === 'public');
  throwIfAny(
    isPublic.map(({ name }) => ({
      code: 'address-not-found',
      message: `The setting ${name} is public, but arc cannot look up the public address of ${machine}, where the Engine runs.`,
      suggestion: `name it: --set ${name}=192.0.2.10`,
    })),
  );
  const following = [...asked.map(({ name }) => name), ...loopbackDefaults(options)];
  if (address === undefined) {
    return {
      lookedUp: {},
      unknown: following.map((name) => ({
        code: 'engine-address-unknown',
        message: `arc does not know at which address others reach ${machine}, where the Engine runs, so ${name} stays as it is.`,
        suggestion: `name it: --set ${name}=192.0.2.10`,
      })),
    };
  }
  const found = { value: address, note: `${address}, the address of ${machine}, where the Engine runs` };
  return { lookedUp: Object.fromEntries(following.map((name) => [name, found])), unknown: [] };
}
