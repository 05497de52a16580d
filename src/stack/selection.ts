import { defined } from '../core/defined.ts';
import type { Problem } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';
import type { Manifests, ProfileManifest } from '../manifest/model.ts';
import { throwIfAny } from './problems.ts';
import { indexWorkspace, type WorkspaceIndex } from './workspace-index.ts';

/** The requested roles, without their dependencies. */
export type Selection = {
  /** As typed, or the default profile where nothing was. */
  names: readonly string[];
  roles: ReadonlySet<string>;
  /** Those of containers that were named themselves, not by their service or a profile. */
  named: ReadonlySet<string>;
  leftOut: ReadonlySet<string>;
  /** The first profile that was named. */
  profile?: ProfileManifest;
  /** The profile that refuses development secrets, where one that was named does, or one that it extends. */
  production?: ProfileManifest;
};

/**
 * Turns names of profiles, services and containers into roles. A service or a profile brings sidecars and jobs along;
 * a container that is named brings only itself.
 * Throws `unknown-name` with the nearest name for every name that is not known.
 */
export function select(options: {
  manifests: Manifests;
  index: WorkspaceIndex;
  selection: readonly string[];
  without: readonly string[];
}): Selection {
  const { manifests, index, without } = options;
  const names = options.selection.length > 0 ? options.selection : [manifests.workspace.default_profile];
  const profiles = new Map(manifests.profiles.map((profile) => [profile.name, profile]));
  const problems: Problem[] = [];
  const roles = new Set<string>();
  const own = new Set<string>();
  let named: ProfileManifest | undefined;
  let production: ProfileManifest | undefined;

  for (const name of names) {
    const profile = profiles.get(name);
    if (profile !== undefined) {
      named ??= profile;
      for (const part of lineage(profile, profiles)) {
        if (part.production) production ??= profile;
        for (const service of part.services) {
          for (const role of index.services.get(service) ?? []) roles.add(role);
          if (!index.services.has(service)) problems.push(unknownService({ service, profile: part, index }));
        }
      }
    } else if (addRoles({ name, index, roles })) {
      if (!index.services.has(name)) addRoles({ name, index, roles: own });
    } else {
      const known = [...profiles.keys(), ...index.entries.keys()];
      problems.push(unknownName({ name, known, index, option: '' }));
    }
  }

  const leftOut = new Set<string>();
  for (const name of without) {
    if (!addRoles({ name, index, roles: leftOut })) {
      problems.push(unknownName({ name, known: index.entries.keys(), index, option: '--without ' }));
    }
  }

  throwIfAny(problems);
  return {
    names,
    roles,
    named: own,
    leftOut,
    ...defined({ profile: named, production }),
  };
}

/**
 * The name of a service stands for all of its containers; a role, and the name that a container has on the Engine, for
 * one. False where nothing has the name.
 */
function addRoles(options: { name: string; index: WorkspaceIndex; roles: Set<string> }): boolean {
  const { name, index, roles } = options;
  const named = index.entries.has(name) ? name : index.roles.get(name);
  const members = index.services.get(name) ?? (named === undefined ? [] : [named]);
  for (const role of members) roles.add(role);
  return members.length > 0;
}

/** A profile and those that it extends. A circle, which manifest validation refuses, ends where it began. */
function lineage(
  profile: ProfileManifest,
  profiles: ReadonlyMap<string, ProfileManifest>,
): Set<ProfileManifest> {
  const parts = new Set<ProfileManifest>();
  let part: ProfileManifest | undefined = profile;
  while (part !== undefined && !parts.has(part)) {
    parts.add(part);
    part = part.extends === undefined ? undefined : profiles.get(part.extends);
  }
  return parts;
}

/** @param options.index where it is given, a container can also be meant by what it runs, or by its codename */
export function unknownName(options: {
  name: string;
  known: Iterable<string>;
  index?: WorkspaceIndex;
  option: string;
}): Problem {
  const meant = alsoCalled(options) ?? nearest(options.name, options.known);
  return {
    code: 'unknown-name',
    message:
      options.option === ''
        ? `Nothing is called ${options.name}: no profile, service or container has this name.`
        : `Nothing is called ${options.name}: no service or container has this name.`,
    suggestion:
      meant === undefined
        ? '`arc profiles` and `arc services` list the names'
        : `did you mean \`${options.option}${meant}\`?`,
  };
}

/** `redis` and `sonic` mean the cache. They are not names, because several containers may have the same. */
function alsoCalled({ name, index }: { name: string; index?: WorkspaceIndex }): string | undefined {
  const entries = [...(index?.entries.values() ?? [])];
  return entries.find(
    ({ kind, manifest }) =>
      kind === 'service' && [manifest.tech, manifest.codename].includes(name.toLowerCase()),
  )?.role;
}

function unknownService(options: {
  service: string;
  profile: ProfileManifest;
  index: WorkspaceIndex;
}): Problem {
  const meant = nearest(options.service, options.index.services.keys());
  return {
    code: 'unknown-service',
    message: `The profile ${options.profile.name} names a service ${options.service} that does not exist.`,
    suggestion: meant === undefined ? '`arc services` lists the names' : `did you mean \`${meant}\`?`,
    location: options.profile.location,
  };
}

/**
 * The roles that names stand for, dependencies not counted; those of every service where nothing is named.
 * Throws `unknown-name` as {@link select} does.
 */
export function selectedRoles(options: {
  manifests: Manifests;
  selection: readonly string[];
  without: readonly string[];
}): ReadonlySet<string> {
  const index = indexWorkspace(options.manifests);
  const everything = options.manifests.services.map(({ role }) => role);
  const { roles, leftOut } = select({
    ...options,
    index,
    selection: options.selection.length > 0 ? options.selection : everything,
  });
  return new Set([...roles].filter((role) => !leftOut.has(role)));
}

/** Whether a profile, a service or a container is called so. */
export function isName(options: { manifests: Manifests; name: string }): boolean {
  const { manifests, name } = options;
  const { entries, services, roles } = indexWorkspace(manifests);
  return (
    entries.has(name) ||
    services.has(name) ||
    roles.has(name) ||
    manifests.profiles.some((profile) => profile.name === name)
  );
}
