import { formatAnswer } from '../../core/answer.ts';
import { formatBytes } from '../../core/bytes.ts';
import type { Progress, StepEvent, StepVerb } from '../../core/event.ts';
import { kindOf, nameOf } from '../../core/resource.ts';

/** A step in words for people: its subject, the action, and details. */
export type StepWords = { subject: string; action: string; detail: string | undefined };

type Words = readonly [toDo: string, doing: string, done: string];

export const verbs: Record<StepVerb, Words> = {
  create: ['create', 'creating', 'created'],
  remove: ['remove', 'removing', 'removed'],
  start: ['start', 'starting', 'started'],
  stop: ['stop', 'stopping', 'stopped'],
  unpause: ['unpause', 'unpausing', 'unpaused'],
  await: ['wait until ready', 'waiting until ready', 'ready'],
  ask: ['ask again', 'asking again', 'still healthy'],
  change: ['change', 'changing', 'changed'],
  expand: ['look at', 'looking at', 'looked at'],
  'look-up': ['look up', 'looking up', 'found'],
  observe: [
    'look at git, the registry and GitHub',
    'looking at git, the registry and GitHub',
    'looked at git, the registry and GitHub',
  ],
  pull: ['pull', 'pulling', 'pulled'],
  push: ['push', 'pushing', 'pushed'],
  build: ['build', 'building', 'built'],
  'build-and-push': ['build and push', 'building and pushing', 'built and pushed'],
  load: ['load', 'loading', 'loaded'],
  save: ['save', 'saving', 'saved'],
  attach: ['attach', 'attaching', 'attached'],
  scan: ['scan', 'scanning', 'has nothing critical'],
  sign: ['sign', 'signing', 'signed'],
  tag: ['tag', 'tagging', 'tagged'],
  verify: ['verify the tags', 'verifying the tags', 'tags verified'],
  upload: ['upload', 'uploading', 'uploaded'],
  publish: ['publish', 'publishing', 'published'],
  run: ['run', 'running', 'done'],
  copy: ['copy', 'copying', 'copied'],
  'back-up': ['back up', 'backing up', 'backed up'],
  prove: ['restore and compare the backup', 'restoring and comparing the backup', 'compared the backup'],
  restore: ['restore', 'restoring', 'restored'],
  read: ['read the backups', 'reading the backups', 'read the backups'],
  reload: ['reload', 'reloading', 'reloaded'],
  set: ['set', 'setting', 'set'],
  install: ['install', 'installing', 'installed'],
};

/** To be ready means something else for each of these. */
const awaited: Readonly<Record<string, Words>> = {
  container: ['wait until healthy', 'waiting until healthy', 'healthy'],
  job: ['wait until done', 'waiting until done', 'done'],
  lock: ['wait for its turn', 'waiting for its turn', 'has its turn'],
};

/** Names of kinds of objects whose own name does not identify them. */
const kinds: Readonly<Record<string, string>> = {
  archive: 'archive',
  base: 'base',
  certificate: 'certificate',
  'git-tag': 'git tag',
  'github-asset': 'GitHub asset',
  'github-draft': 'GitHub draft',
  'github-release': 'GitHub release',
  image: 'image',
  network: 'network',
  provenance: 'provenance',
  rights: 'rights of',
  sbom: 'SBOM',
  volume: 'volume',
};

/** Things that are known by another name than their address. */
const names: Readonly<Record<string, string>> = { 'engine/docker': 'Docker Engine', 'lock/apt': 'apt-get' };

/** The words for a step. A container is known by its role, everything else by what it is and its name. */
export function stepWords(step: StepEvent): StepWords {
  const [toDo, doing, done] = (step.verb === 'await' && awaited[kindOf(step.on)]) || verbs[step.verb];
  const verb = step.phase === 'running' ? doing : step.phase === 'done' ? done : toDo;
  const object = step.role === undefined ? undefined : objectOf(step);
  const action = object === undefined ? verb : `${verb} ${object}`;
  return { subject: subjectOf(step), action, detail: detailOf(step) };
}

/** The subject of a step: steps with the same subject share a line of the live tree. */
export function subjectOf({ on, role }: Pick<StepEvent, 'on' | 'role'>): string {
  if (role !== undefined) return role;
  const kind = kindOf(on);
  const name = nameOf(on);
  return names[on] ?? (kinds[kind] === undefined ? name : `${kinds[kind]} ${name}`);
}

/** Kinds of which a boot may make dozens: they share a line of the live tree, which counts them. */
const counted: Readonly<Record<string, string>> = { config: 'config files', volume: 'volumes' };

/** What a line of the live tree counts instead of naming each one, if that. */
export function countedAs({ on, role }: Pick<StepEvent, 'on' | 'role'>): string | undefined {
  return role === undefined ? counted[kindOf(on)] : undefined;
}

function objectOf({ on, verb }: StepEvent): string | undefined {
  const kind = kindOf(on);
  const name = nameOf(on);
  if (kind === 'container' || kind === 'job') return undefined;
  return ['pull', 'push', 'look-up'].includes(verb) ? name : `${kinds[kind] ?? kind} ${name}`;
}

function detailOf(step: StepEvent): string | undefined {
  switch (step.phase) {
    case 'waiting':
      return undefined;
    case 'running':
      return joined([
        step.progress && progressText(step.progress),
        step.answer && formatAnswer(step.answer),
        step.output,
      ]);
    case 'done':
      return outcomeText(step);
    case 'skipped':
      if (step.cause === undefined) return undefined;
      return step.kept ? step.cause : `not run: ${step.cause}`;
    case 'failed':
      return step.problem?.message;
    default:
      return step.phase satisfies never;
  }
}

function joined(parts: readonly (string | undefined)[]): string | undefined {
  const there = parts.filter((part) => part !== undefined);
  return there.length === 0 ? undefined : there.join(', ');
}

function progressText({ done, total, unit }: Progress): string {
  switch (unit) {
    case 'bytes':
      return total === undefined ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`;
    case 'layers':
      return total === undefined ? `${done} layers` : `${done} of ${total} layers`;
    case 'steps':
      if (total === undefined) return `step ${done + 1}`;
      return `step ${Math.min(done + 1, total)} of ${total}`;
    default:
      return unit satisfies never;
  }
}

function outcomeText({ on, cause, outcome = {} }: StepEvent): string | undefined {
  if (kindOf(on) === 'base') {
    return `from its recipe on this machine${cause === undefined ? '' : `; ${cause}`}`;
  }
  const { digest, base, tag, bytes, url, value, signatures } = outcome;
  return joined([
    tag === undefined ? digest : `${tag} is ${digest}`,
    base && `from ${base}`,
    bytes === undefined ? undefined : formatBytes(bytes),
    url,
    value && `to ${value}`,
    signatures === undefined ? undefined : `${signatures} ${signatures === 1 ? 'signature' : 'signatures'}`,
  ]);
}
