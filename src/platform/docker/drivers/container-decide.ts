import type { Case, Decision } from '../../../core/driver.ts';
import type { Problem } from '../../../core/errors.ts';
import { type Address, addressOf } from '../../../core/resource.ts';
import type { ResolvedContainer, ResolvedDependency } from '../../../stack/model.ts';
import { type ContainerHash, changedParts } from '../hash.ts';
import type { ObservedContainer } from '../snapshot.ts';
import type { Unloaded } from './container-reload.ts';

/** The wanted state of a container or a job. */
export type ContainerWanted = {
  project: string;
  container: ResolvedContainer;
  /** Hash by the scheme of the existing container; absent if arc does not know that scheme. */
  hash: ContainerHash | undefined;
  network: string;
  /** Folder from which its config files are mounted; empty if arc copies the files to the Engine. */
  root: string;
  /** Roles of its service that are part of the same boot. */
  booted: readonly string[];
  selinux: boolean;
  /** The addresses of its needs, by role: in the stack or outside of it. */
  addresses: ReadonlyMap<string, Address>;
  /** Their names on the Engine. */
  names: ReadonlyMap<string, string>;
  /** Volumes of its needs: a job runs again if it worked on a volume that is gone. */
  volumesOfNeeds: readonly Address[];
  /** Keep it as it was created, even if its configuration differs. */
  asMade: boolean;
  /** An act that the user requested for this container, whatever its state. */
  force?: 'recreate' | 'restart';
  /** Files of templates that are gone, in folders that it mounts. */
  left: readonly string[];
  /** What its program says of folders that it has not loaded, by path. */
  unloaded: ReadonlyMap<string, Unloaded>;
  /** It is not part of the stack; arc probes it again if one of its needs restarts. */
  beside: boolean;
};

/** The existing containers with its role or its name. */
export type ContainerSeen = {
  /** Containers of this project. */
  existing?: ObservedContainer;
  /** Has the wanted name, but belongs to another project. */
  stranger?: ObservedContainer;
};

/** How an existing container continues. */
export type ContainerData =
  | { how: 'restart' | 'start' | 'unpause' | 'finished' }
  /** It runs with the wanted configuration; arc only waits until it is healthy or has ended. */
  | { how: 'ask'; cause: string; again: boolean };

type Given = Case<ContainerWanted, ContainerSeen>;
type ContainerDecision = Decision<ContainerData>;

/**
 * Compares the wanted container with the existing one, and takes the decisions about its needs into account. Pure;
 * the first rule that applies wins.
 */
export function decideContainer(given: Given): ContainerDecision {
  const { wanted, seen } = given;
  const { existing, stranger } = seen?.state ?? {};
  if (wanted === undefined) {
    const cause = existing === undefined ? 'made by arc' : lastRun(existing);
    return { kind: 'delete', cause, event: `${existing?.role ?? given.address} is removed` };
  }
  if (stranger !== undefined) return { kind: 'refuse', problem: nameTaken(stranger, wanted.spec.project) };
  const { container, beside } = wanted.spec;
  const empty = hasNoData(given);
  if (existing === undefined) {
    return { kind: 'create', cause: 'no existing container', event: `${container.role} is created`, empty };
  }
  const own = beside ? stays(container, existing) : decideExisting({ ...given, existing, spec: wanted.spec });
  return withConsequences({ given, spec: wanted.spec, decision: own, existing });
}

/** A server is empty if arc creates its volumes together with it. */
function hasNoData({ wanted, decided }: Given): boolean {
  const volumes = wanted?.spec.container.volumes ?? [];
  return volumes.every(({ volume }) => decided(addressOf('volume', volume))?.kind === 'create');
}

function decideExisting(
  options: Given & { existing: ObservedContainer; spec: ContainerWanted },
): ContainerDecision {
  const { existing, spec, decided } = options;
  const { container, hash, network, asMade, force } = spec;
  const recreate = (cause: string): ContainerDecision => ({
    kind: 'replace',
    cause,
    event: `${container.role} is recreated`,
    empty: container.volumes.length === 0 || hasNoData(options),
  });
  if (existing.state === 'removing') return recreate('the existing one is being removed');
  if (existing.state === 'dead') return recreate('the existing one is dead');
  const image = asMade ? undefined : decided(addressOf('image', container.image.reference));
  const isOther = existing.image !== container.image.reference;
  if (image?.kind === 'change' || (image?.kind === 'create' && isOther))
    return recreate(driftCause(existing, hash, ['image']));
  if (image?.kind === 'create') return recreate('its image is not on this Engine');
  if (!asMade && existing.hash !== hash?.whole) return recreate(driftCause(existing, hash));
  const net = decided(addressOf('network', network));
  if (net?.kind === 'replace') return recreate(net.event);
  if (!existing.networks.includes(network)) return recreate(`not on the network ${network}`);
  if (force === 'recreate') return recreate('asked for');
  return container.kind === 'job'
    ? decideJob({ ...options, force })
    : decideService({ container, existing, force });
}

function decideService(options: {
  container: ResolvedContainer;
  existing: ObservedContainer;
  force: 'restart' | undefined;
}): ContainerDecision {
  const { container, existing, force } = options;
  if (!isAlive(existing)) return begin(container, existing, lastRun(existing));
  return force === undefined
    ? stays(container, existing)
    : {
        kind: 'change',
        cause: 'asked for',
        event: `${container.role} is restarted`,
        data: { how: 'restart' },
      };
}

function decideJob(
  options: Given & {
    existing: ObservedContainer;
    spec: ContainerWanted;
    force: 'restart' | undefined;
  },
): ContainerDecision {
  const { existing, spec, decided, force } = options;
  const { container } = spec;
  if (isAlive(existing)) return stays(container, existing);
  if (existing.state !== 'exited' || existing.exitCode !== 0)
    return begin(container, existing, lastRun(existing));
  // It did its work on data that is gone.
  const fresh = spec.volumesOfNeeds.map((volume) => decided(volume)).find((one) => one?.kind === 'create');
  if (fresh?.kind === 'create') return begin(container, existing, fresh.event);
  return force ? begin(container, existing, 'asked for') : { kind: 'keep', data: { how: 'finished' } };
}

/** It stays unchanged. For this plan, a job outside of the stack counts as finished. */
function stays(container: ResolvedContainer, existing: ObservedContainer): ContainerDecision {
  if (container.kind === 'job' && !isAlive(existing)) return { kind: 'keep', data: { how: 'finished' } };
  return { kind: 'keep', data: { how: 'ask', cause: existing.state, again: false } };
}

function begin(container: ResolvedContainer, { state }: ObservedContainer, cause: string): ContainerDecision {
  const how = state === 'paused' ? 'unpause' : 'start';
  const event = `${container.role} is ${how === 'unpause' ? 'unpaused' : 'started'}`;
  return { kind: 'change', cause, event, data: { how } };
}

function isAlive({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'restarting';
}

/**
 * A container that keeps running while one of its needs restarts may not have noticed yet, so its last probe proves
 * nothing. Depending on its manifest, arc probes it again, waits until it has kept passing for some time, or restarts
 * it.
 */
function withConsequences(options: {
  given: Given;
  spec: ContainerWanted;
  decision: ContainerDecision;
  existing: ObservedContainer;
}): ContainerDecision {
  const { given, spec, decision, existing } = options;
  if (decision.kind !== 'keep') return decision;
  const { container, addresses } = spec;
  const of = (need: ResolvedDependency): Decision | undefined => {
    const address = addresses.get(need.role);
    return address === undefined ? undefined : given.decided(address);
  };
  const eventOf = (need: ResolvedDependency): string | undefined => {
    const found = of(need);
    return found !== undefined && 'event' in found ? found.event : undefined;
  };
  const restarted = container.dependsOn.filter(({ restart }) => restart === true).map(eventOf);
  const cause = container.kind === 'service' ? restarted.find((event) => event !== undefined) : undefined;
  if (cause !== undefined)
    return { kind: 'change', cause, event: `${container.role} is restarted`, data: { how: 'restart' } };
  const touched = [
    ...new Set(
      container.dependsOn.flatMap((need) => {
        const event = eventOf(need);
        if (event !== undefined) return [event];
        const found = of(need);
        return found?.kind === 'keep' ? (found.touched ?? []) : [];
      }),
    ),
  ];
  if (touched.length === 0) return decision;
  const seconds = Math.max(
    0,
    ...container.dependsOn.map((need) => (eventOf(need) === undefined ? 0 : (need.holdSeconds ?? 0))),
  );
  const how = seconds === 0 ? 'asked again' : `asked again for ${seconds} s`;
  const isAsked = container.kind === 'service' && isAlive(existing);
  return {
    kind: 'keep',
    touched,
    ...(isAsked
      ? { data: { how: 'ask', cause: `${how}: ${touched.join(', ')}`, again: true } }
      : decision.data && { data: decision.data }),
  };
}

/** `exited with 137`, `created, never started`, `paused`. */
export function lastRun({ state, exitCode }: ObservedContainer): string {
  if (state === 'created') return 'created, never started';
  return state === 'exited' && exitCode !== undefined ? `exited with ${exitCode}` : state;
}

/** @param also parts that change although the hash does not cover them yet */
function driftCause(
  existing: ObservedContainer,
  hash: ContainerHash | undefined,
  also: readonly string[] = [],
): string {
  const changed = hash === undefined ? undefined : changedParts({ before: existing, after: hash });
  if (changed === undefined) return 'created by another version of arc';
  const parts = [...new Set([...changed, ...also])].sort();
  return parts.length > 0 ? `config changed: ${parts.join(', ')}` : 'config changed';
}

function nameTaken(container: ObservedContainer, project: string): Problem {
  const { name, state, image } = container;
  const owner = container.project
    ? `the arc project "${container.project}"`
    : (container.maker ?? 'something else than arc');
  return {
    code: 'container-name-taken',
    message: `The container ${name} already exists and was created by ${owner}, not by the project "${project}".`,
    detail: [`it is ${state} and runs ${image}; arc removes only what it created`],
    suggestion: container.project
      ? 'run arc down in its workspace; or let this one have names of its own: `names: project` in arc.yaml'
      : `docker rm -f ${name}, if you no longer need it`,
  };
}
