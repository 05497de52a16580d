import type { Author, Drift } from '../../core/drift.ts';
import { addressOf } from '../../core/resource.ts';
import type { ResolvedContainer } from '../../stack/model.ts';
import { containerSpec } from './container-spec.ts';
import { authorOf, type PastEvent } from './drift-events.ts';
import type { ContainerFacts, DriftFacts, Guest, PlaceFacts } from './drift-facts.ts';
import { changedLimits, limitsOf } from './drift-limits.ts';
import { changedParts, hashAsMade } from './hash.ts';
import type { ObservedContainer } from './snapshot.ts';

/** A container of the project and its configuration, as far as arc knows it. */
export type Compared = {
  existing: ObservedContainer;
  facts: ContainerFacts;
  /**
   * The container as created; undefined if the manifests have changed since, because its configuration is then unknown.
   */
  asMade: ResolvedContainer | undefined;
};

/**
 * The container as arc created it, if one of the candidates has the hash of the existing one. The sources of its image
 * do not count: nobody can change those of an existing container.
 *
 * @param options.candidates the container as it is wanted, and with config files as somebody edited them
 */
export function asItWasMade(options: {
  existing: ObservedContainer;
  candidates: readonly ResolvedContainer[];
  network: string;
  root: string;
  selinux: boolean;
}): ResolvedContainer | undefined {
  const { existing, candidates, network, root, selinux } = options;
  return candidates.find((container) => {
    const image = { id: undefined };
    const hash = hashAsMade({ container, image, network, root, selinux, made: existing.hash });
    const changed = hash && changedParts({ before: existing, after: hash });
    return changed?.every((part) => part === 'image') === true;
  });
}

/** Changes to one container since arc created it. Pure. */
export function containerDrift(options: {
  compared: Compared;
  network: string;
  events: readonly PastEvent[];
}): readonly Drift[] {
  const { compared, network, events } = options;
  const { existing, facts, asMade } = compared;
  const { id, name, role = name } = existing;
  const about = { on: addressOf('container', name), role };
  const own = events.filter((event) => event.id === id);
  const found: Drift[] = [];
  const state = stateDrift({ existing, facts, events: own });
  if (state !== undefined) found.push({ ...about, ...state, what: 'state', before: 'running', remedy: 'up' });
  if (asMade !== undefined && asMade.name !== name) {
    const by = authorOf(own, ({ action }) => action === 'rename');
    found.push({ ...about, what: 'name', before: asMade.name, now: name, by, remedy: 'recreate' });
  }
  const by = authorOf(own, ({ action }) => action === 'update');
  for (const limit of asMade === undefined
    ? []
    : changedLimits({ before: wanted(asMade), now: facts.limits }))
    found.push({ ...about, ...limit, by, remedy: 'recreate' });
  return [
    ...found,
    ...networkDrift({ ...compared, network, events: own }).map((one) => ({ ...about, ...one })),
  ];
}

function wanted(container: ResolvedContainer) {
  const hash = { whole: '', parts: {} };
  const owner = { folder: '' };
  const spec = containerSpec({ container, hash, booted: [], project: '', network: '', root: '', owner });
  return limitsOf(spec.HostConfig ?? {});
}

/** For a job, only a pause counts: it ends by itself. A job that was never started belongs to an interrupted boot. */
function stateDrift(options: {
  existing: ObservedContainer;
  facts: ContainerFacts;
  events: readonly PastEvent[];
}): { now: string; by: Author } | undefined {
  const { existing, facts } = options;
  const { state, exitCode, kind } = existing;
  const since = options.events.filter(
    ({ at }) => Date.parse(at) >= Math.floor(Date.parse(facts.startedAt) / 1000) * 1000,
  );
  if (state === 'paused') return { now: 'paused', by: authorOf(since, ({ action }) => action === 'pause') };
  if (kind === 'job' || (state !== 'exited' && state !== 'dead')) return undefined;
  const now = exitCode === undefined ? state : `${state} with ${exitCode}`;
  if (facts.outOfMemory) return { now, by: { who: 'the kernel, out of memory', at: facts.finishedAt } };
  const asked = authorOf(since, ({ action }) => action === 'stop' || action === 'kill');
  if (asked.did !== undefined) return { now, by: asked };
  const ended = since.some(({ action }) => action === 'die');
  return { now, by: { ...(ended ? { who: 'the program itself' } : {}), at: facts.finishedAt } };
}

function networkDrift(
  options: Compared & { network: string; events: readonly PastEvent[] },
): readonly Omit<Drift, 'on' | 'role'>[] {
  const { existing, facts, asMade, network, events } = options;
  const event = (action: 'connect' | 'disconnect', name: string): Author =>
    authorOf(events, (one) => one.action === action && one.network === name);
  const own = facts.networks.find(({ name }) => name === network);
  const more = facts.networks.filter(({ name }) => name !== network);
  const found: Omit<Drift, 'on' | 'role'>[] = more.map(({ name }) => {
    const by = event('connect', name);
    return { what: `network ${name}`, before: 'not connected', now: 'connected', by, remedy: 'recreate' };
  });
  const isOn = own !== undefined && existing.networks.includes(network);
  if (!isOn) {
    const by = event('disconnect', network);
    return [
      ...found,
      { what: `network ${network}`, before: 'connected', now: 'not connected', by, remedy: 'up' },
    ];
  }
  const names = asMade === undefined ? [] : [asMade.name, asMade.role, ...asMade.aliases];
  const missing = names.filter((name) => !own.aliases.includes(name));
  if (missing.length === 0) return found;
  const by = event('connect', network);
  const what = `names on ${network}`;
  return [...found, { what, before: missing.join(', '), now: 'not known there', by, remedy: 'recreate' }];
}

/**
 * Missing dependencies of containers: somebody removed them. Pure.
 *
 * @param options.names by role, where a manifest says it
 */
export function goneDrift(options: {
  containers: readonly ObservedContainer[];
  names: ReadonlyMap<string, string>;
  events: readonly PastEvent[];
}): readonly Drift[] {
  const { containers, names, events } = options;
  const there = new Set(containers.map(({ role }) => role));
  const gone = new Set(containers.flatMap(({ dependsOn }) => dependsOn).filter((role) => !there.has(role)));
  return [...gone].map((role) => ({
    on: addressOf('container', names.get(role) ?? role),
    role,
    what: 'container',
    before: 'there',
    now: 'removed',
    by: authorOf(events, (event) => event.action === 'destroy' && event.role === role),
    remedy: 'up',
  }));
}

/** Networks and volumes of the project that are not what arc makes. Pure. */
export function placeDrift({
  places,
  project,
}: {
  places: readonly PlaceFacts[];
  project: string;
}): readonly Drift[] {
  return places
    .filter((place) => place.project === project)
    .flatMap(({ kind, name, driver, options }) => {
      const usual = kind === 'network' ? 'bridge' : 'local';
      const about = { on: addressOf(kind, name), by: {}, remedy: 'stranger' } as const;
      const given = Object.entries(options).map(([key, value]) => `${key}=${value}`);
      return [
        ...(driver === usual ? [] : [{ ...about, what: 'driver', before: usual, now: driver }]),
        ...(given.length === 0 ? [] : [{ ...about, what: 'options', before: 'none', now: given.join(', ') }]),
      ];
    });
}

/** Containers on the project's network that arc did not make. Pure. */
export function guestDrift(
  options: Pick<DriftFacts, 'guests' | 'events'> & { network: string },
): readonly Drift[] {
  const { guests, events, network } = options;
  return guests.map(({ id, name, maker }: Guest) => {
    const joined = authorOf(
      events,
      (one) => one.action === 'connect' && one.id === id && one.network === network,
    );
    return {
      on: addressOf('container', name),
      what: `network ${network}`,
      before: 'not connected',
      now: 'connected',
      by: { ...joined, ...(maker === undefined ? {} : { who: maker }) },
      remedy: 'stranger',
    };
  });
}
