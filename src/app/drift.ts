import type { Drift } from '../core/drift.ts';
import { addressOf } from '../core/resource.ts';
import type { EngineConnection } from '../platform/docker/connection.ts';
import {
  asItWasMade,
  type Compared,
  containerDrift,
  goneDrift,
  guestDrift,
  placeDrift,
} from '../platform/docker/drift.ts';
import { configRoot } from '../platform/docker/hash.ts';
import { observe } from '../platform/docker/observe.ts';
import { dockerReach } from '../platform/docker/reach.ts';
import type { ObservedContainer } from '../platform/docker/snapshot.ts';
import type { BootableStack } from '../stack/model.ts';
import { describeOwner } from '../stack/owner.ts';
import { editedConfig } from '../workspace/edited-config.ts';
import { readHome } from '../workspace/identity.ts';
import { asEdited, planRuntimeConfig } from '../workspace/runtime-config.ts';
import { chosenRoles } from './chosen-roles.ts';
import type { Context } from './context.ts';
import { insideDrift } from './drift-inside.ts';
import { asItRuns } from './images-in-use.ts';
import { elsewhere } from './other-workspace.ts';
import type { SelectionOptions } from './request.ts';
import { openRunning, type Running, withEngine } from './session.ts';
import { stackAmong } from './stack-among.ts';

export type DriftFound = {
  project: string;
  drift: readonly Drift[];
  /** What arc could not compare, and why. */
  unknown: readonly { on: string; because: string }[];
};

/**
 * Finds what people changed by hand since arc created the stack. It starts from what exists: a manifest counts only if
 * the container's hash shows that the manifest has not changed since. Changes nothing.
 */
export async function drift(options: { context: Context; request: SelectionOptions }): Promise<DriftFound> {
  const { context, request } = options;
  const running = await openRunning({ context, request });
  return withEngine({
    context,
    use: (_, connection) => look({ context, request, running, connection }),
  });
}

async function look(options: {
  context: Context;
  request: SelectionOptions;
  running: Running;
  connection: EngineConnection;
}): Promise<DriftFound> {
  const { context, request, connection } = options;
  const { root, manifests } = options.running;
  const { engine } = connection;
  const { project, network } = options.running.stack;
  const containers = await engine.listContainers();
  const snapshot = await observe({ engine, project, stack: options.running.stack, containers });
  const { selection, without } = request;
  const named = chosenRoles({ manifests, snapshot, selection, without });
  const isNamed = (role: string | undefined): boolean =>
    named === undefined || (role !== undefined && named.has(role));
  const own = snapshot.containers.filter((one) => one.project === project);
  const chosen = own.filter(({ role }) => isNamed(role));
  const roles = new Set(chosen.map(({ role }) => role));
  const described =
    options.running.manifests === undefined
      ? options.running.stack
      : stackAmong({ opened: options.running, there: new Set(own.flatMap(({ role }) => role ?? [])) });
  const whole = asItRuns({ stack: described, snapshot });
  const stack = { ...whole, containers: whole.containers.filter(({ role }) => roles.has(role)) };
  const files = await planRuntimeConfig({ root, stack });
  const edited = asEdited({ stack, files });
  const facts = await connection.driftFacts({
    ...{ project, network, containers },
    ids: chosen.map(({ id }) => id),
    volumes: snapshot.volumes.filter(({ role }) => isNamed(role)).map(({ name }) => name),
  });
  const { events } = facts;
  const compared = chosen.flatMap((existing): readonly Compared[] => {
    const found = facts.containers.find(({ id }) => id === existing.id);
    if (found === undefined) return [];
    const asMade = asItWasMade({
      ...{ existing, network, root: configRoot({ snapshot, root }), selinux: snapshot.selinux === true },
      candidates: candidates({ existing, stacks: [stack, edited] }),
    });
    return [{ existing, facts: found, asMade }];
  });
  const inServers = await insideDrift({
    stack: edited,
    running: new Set(chosen.filter(({ state }) => state === 'running').map(({ name }) => name)),
    reach: dockerReach({ stack, observed: snapshot.containers, engine, connection }),
    signal: context.signal,
  });
  const names = new Map(whole.containers.map(({ role, name }) => [role, name]));
  return {
    project,
    drift: [
      ...foreign({ root, snapshot, roles }),
      ...compared.flatMap((one) => containerDrift({ compared: one, network, events })),
      ...goneDrift({ containers: own, names, events }).filter(({ role }) => isNamed(role)),
      ...placeDrift({ places: facts.places, project }),
      ...(named === undefined ? guestDrift({ ...facts, network }) : []),
      ...editedConfig({ root, files, mounted: mountedBy(compared) }),
      ...inServers.drift,
    ],
    unknown: [
      ...compared.flatMap(({ existing, asMade }) =>
        asMade === undefined
          ? [
              {
                on: addressOf('container', existing.name),
                because: 'it was created from another configuration',
              },
            ]
          : [],
      ),
      ...inServers.silent.map((on) => ({
        on,
        because: 'it does not answer, so arc cannot see what is in it',
      })),
    ],
  };
}

function candidates(options: { existing: ObservedContainer; stacks: readonly BootableStack[] }) {
  const { existing, stacks } = options;
  return stacks.flatMap(({ containers }) => containers.filter(({ role }) => role === existing.role));
}

/** The config files that containers were made with, and whose they are. */
function mountedBy(compared: readonly Compared[]): ReadonlyMap<string, string> {
  return new Map(
    compared.flatMap(({ asMade }) =>
      asMade === undefined
        ? []
        : [...asMade.config, ...asMade.folders.flatMap(({ files }) => files)].map(
            ({ file }) => [file, asMade.role] as const,
          ),
    ),
  );
}

/** Containers of this project that another workspace made: with its files and its secrets. */
function foreign(options: {
  root: string;
  snapshot: Parameters<typeof elsewhere>[0]['snapshot'];
  roles: ReadonlySet<string | undefined>;
}): readonly Drift[] {
  const home = readHome({ root: options.root });
  return elsewhere({ snapshot: options.snapshot, home })
    .filter(({ kind, role }) => kind === 'container' && options.roles.has(role))
    .map(({ name, role, owner }) => ({
      on: addressOf('container', name),
      ...(role === undefined ? {} : { role }),
      ...{ what: 'workspace', before: describeOwner(home), now: describeOwner(owner) },
      by: { who: describeOwner(owner) },
      remedy: 'stranger',
    }));
}
