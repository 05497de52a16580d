import { dump } from 'js-yaml';
import type { ReleaseManifest } from '../manifest/model-release.ts';
import { parseReference } from '../registry/reference.ts';
import { version } from '../version.ts';
import type { Blueprint, ServiceBlueprint } from './artefact.ts';
import { type Action, actions, tools } from './workflow-pins.ts';

// The shared parts of a service's workflows. They are thin: a step is an action that installs something, or a command
// that works the same on a person's machine. So they know nothing about builds and releases.

/** Folder that GitHub reads workflows from. */
export const workflowFolder = '.github/workflows';

export type Step = {
  name: string;
  uses?: Action;
  with?: Readonly<Record<string, string | number | boolean>>;
  /** Values of GitHub's expressions, which are never written into a command: there they would be part of it. */
  env?: Readonly<Record<string, string>>;
  run?: string;
};

/** The permissions of a job; write access needs a reason, which is written next to it. */
export type Permission = 'read' | { write: string };

export type Job = {
  name: string;
  if: string;
  'runs-on': string;
  environment?: string;
  'timeout-minutes': number;
  permissions: Readonly<Record<string, Permission>>;
  strategy?: { 'fail-fast': boolean; matrix: Readonly<Record<string, string>> };
  steps: readonly Step[];
};

export type Workflow = {
  name: string;
  on: Readonly<Record<string, object | null>>;
  jobs: Readonly<Record<string, Job>>;
};

/** What the steps of all services' workflows depend on. */
export type WorkflowSituation = {
  release: ReleaseManifest;
  /** Whether the workspace has arc itself, as `bin/arc`. */
  bringsArc: boolean;
  /** Registries that the images of any service are pushed to, in order. */
  registries: readonly string[];
};

/** The situation of a workspace that releases its services. */
export function workflowSituation(options: {
  blueprint: Blueprint;
  release: ReleaseManifest;
}): WorkflowSituation {
  const { blueprint, release } = options;
  const references = [...blueprint.containers.values()].map(({ image }) => parseReference(image.reference));
  const registries = [...new Set(references.map(({ registry }) => registry))].toSorted();
  return { release, bringsArc: blueprint.bringsArc, registries };
}

/** An Ubuntu that has Docker, npm and git. */
export const runner = 'ubuntu-24.04';

/** A workflow's text below the header: what it is for, and the workflow, whose jobs name their permissions. */
export function workflowText(options: { about: readonly string[]; workflow: Workflow }): string {
  const { name, on, jobs } = options.workflow;
  const content = {
    name,
    on,
    permissions: {},
    jobs: mapValues(jobs, jobContent),
  };
  const text = dump(content, { lineWidth: -1, noRefs: true })
    // Quoted for readers of YAML 1.1, to whom it is a truth value. GitHub is none, and everybody writes it plainly.
    .replace(/^'on':/m, 'on:')
    .replace(/: null$/gm, ':')
    // Quoted because of their comments.
    .replace(/^( +[\w-]+: )'(\S+ # [^']*)'$/gm, '$1$2')
    .replace(/^(?=\S)/gm, '\n');
  const lines = ['', ...options.about].map((line) => `# ${line}`.trimEnd());
  return `${lines.join('\n')}\n${text}`;
}

/** The images that a service brings, by the names of their containers. */
export function imageNames({ containers }: ServiceBlueprint): readonly string[] {
  return containers.filter(({ kind }) => kind === 'service').map(({ name }) => name);
}

/** How arc is called in a workflow: the workspace's own, or the one that `getArc` installs. */
export function arcCommand({ bringsArc }: WorkflowSituation): string {
  return bringsArc ? './bin/arc' : 'arc';
}

/** @param options.history every commit and tag, which release notes are made from */
export function checkOut(options: { history: boolean }): Step {
  return {
    name: 'Check out',
    uses: actions.checkout,
    // Credentials stay out of .git, where every program of a later step could read them.
    with: { ...(options.history ? { 'fetch-depth': 0 } : {}), 'persist-credentials': false },
  };
}

/** A builder that pushes by digest and builds for platforms other than its own. Without a cache others can write to. */
export const setUpBuildx: Step = {
  name: 'Make a builder',
  uses: actions.setupBuildx,
  with: { 'driver-opts': `image=moby/buildkit:${tools.buildkit.version}`, 'cache-binary': false },
};

/** Makes `arcCommand` work. A workspace that brings arc locks it; elsewhere it is the version that wrote the workflow. */
export function getArc(situation: WorkflowSituation): readonly Step[] {
  const showVersion = `${arcCommand(situation)} --version`;
  if (situation.bringsArc) return [{ name: 'Get arc', run: showVersion }];
  return [
    {
      name: 'Get Node.js',
      uses: actions.setupNode,
      with: { 'node-version': tools.node.version, 'package-manager-cache': false },
    },
    {
      name: 'Get arc',
      // arc is one file. Its optional package, for media checks, is not needed here.
      run: `npm install --global --omit=optional --ignore-scripts @arc-framework/arc@${version}\n${showVersion}\n`,
    },
  ];
}

/**
 * Logs in to the registries of all images. GitHub's own takes the token of the workflow; for others a repository has two
 * secrets.
 */
export function logIn({ registries }: WorkflowSituation): readonly Step[] {
  return registries.map((registry) => {
    const { username, password } = login(registry);
    return {
      name: `Log in to ${registry}`,
      env: { REGISTRY_USERNAME: username, REGISTRY_PASSWORD: password },
      run: `printf '%s' "$REGISTRY_PASSWORD" | docker login ${registry} --username "$REGISTRY_USERNAME" --password-stdin`,
    };
  });
}

/** True where a job that logs in reads secrets of the repository, beside the token of the workflow. */
export function needsLoginSecrets(situation: WorkflowSituation): boolean {
  return loginSecrets(situation).length > 0;
}

/** Names of the secrets with which a job logs in. */
export function loginSecrets({ registries }: WorkflowSituation): readonly string[] {
  return registries
    .filter((registry) => registry !== githubRegistry)
    .flatMap((registry) => [`${secretPrefix(registry)}_USERNAME`, `${secretPrefix(registry)}_PASSWORD`]);
}

/** GitHub's environment whose secrets such a job reads, so that a repository can say who and what may have them. */
export const secretsEnvironment = 'release';

const githubRegistry = 'ghcr.io';

function login(registry: string): { username: string; password: string } {
  if (registry === githubRegistry) {
    return { username: expression('github.actor'), password: expression('github.token') };
  }
  const prefix = secretPrefix(registry);
  return {
    username: expression(`secrets.${prefix}_USERNAME`),
    password: expression(`secrets.${prefix}_PASSWORD`),
  };
}

function secretPrefix(registry: string): string {
  return `REGISTRY_${registry}`.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** An expression that GitHub replaces before the step runs. */
export function expression(text: string): string {
  return `\${{ ${text} }}`;
}

/** In the order in which it is read: what, when, where, with which rights. */
function jobContent(job: Job): Record<string, unknown> {
  const { name, if: condition, permissions, strategy, steps, ...place } = job;
  return {
    name,
    if: condition,
    ...place,
    permissions: mapValues(permissions, permissionText),
    ...(strategy === undefined ? {} : { strategy }),
    steps: steps.map(stepContent),
  };
}

function stepContent({ name, uses, ...rest }: Step): Record<string, unknown> {
  return { name, ...(uses === undefined ? {} : { uses: reference(uses) }), ...rest };
}

/** `write # the images`, or `read`. */
export function permissionText(permission: Permission): string {
  return permission === 'read' ? permission : `write # ${permission.write}`;
}

/** With the version beside the commit, where tools that renew pins look for it. */
function reference({ name, commit, version }: Action): string {
  return `${name}@${commit} # ${version}`;
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
