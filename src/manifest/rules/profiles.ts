import type { Problem } from '../../core/errors.ts';
import type { ProfilePart } from '../build/profiles.ts';
import { placeOf } from '../build/read.ts';
import { type Draft, isUnknown } from '../draft.ts';
import { quote } from '../words.ts';
import { arrows } from './dependencies.ts';

/** Profiles that name what is not there, or extend themselves. */
export function checkProfiles(draft: Draft): readonly Problem[] {
  const byName = new Map(draft.profiles.map((profile) => [profile.manifest.name, profile]));
  return [
    ...unknownServices(draft),
    ...unknownBases(draft, byName),
    ...circles(draft, byName),
    ...unknownDefault(draft, byName),
  ];
}

function unknownServices(draft: Draft): readonly Problem[] {
  const roles = new Set(draft.services.map((service) => service.manifest.role));
  return draft.profiles.flatMap((profile) =>
    profile.manifest.services.flatMap((role, index): Problem[] => {
      const owner = draft.byRole.get(role)?.service.role;
      if (owner === role || (owner === undefined && !isUnknown(draft, role))) return [];
      return [
        {
          code: 'unknown-service',
          message: `The profile ${profile.manifest.name} names ${quote(role)}, which is not a service.`,
          ...(owner === undefined
            ? draft.didYouMean(role, () => roles)
            : { suggestion: `it is a part of the service ${owner}; name that` }),
          location: placeOf(profile, 'services', index),
        },
      ];
    }),
  );
}

function unknownBases(draft: Draft, byName: ReadonlyMap<string, ProfilePart>): readonly Problem[] {
  return draft.profiles.flatMap((profile): Problem[] => {
    const { name, extends: base } = profile.manifest;
    if (base === undefined || byName.has(base)) return [];
    return [
      {
        code: 'unknown-profile',
        message: `The profile ${name} extends ${quote(base)}, which does not exist.`,
        ...draft.didYouMean(base, () => byName.keys()),
        location: placeOf(profile, 'extends'),
      },
    ];
  });
}

/** Every profile has at most one base, so each circle is met by following bases once. */
function circles(draft: Draft, byName: ReadonlyMap<string, ProfilePart>): readonly Problem[] {
  const finished = new Set<string>();
  return draft.profiles.flatMap((first): Problem[] => {
    const path: string[] = [];
    const onPath = new Set<string>();
    let at: ProfilePart | undefined = first;
    while (at !== undefined && !finished.has(at.manifest.name) && !onPath.has(at.manifest.name)) {
      path.push(at.manifest.name);
      onPath.add(at.manifest.name);
      at = at.manifest.extends === undefined ? undefined : byName.get(at.manifest.extends);
    }
    for (const name of path) finished.add(name);
    if (at === undefined || !onPath.has(at.manifest.name)) return [];
    const circle = [...path.slice(path.indexOf(at.manifest.name)), at.manifest.name];
    return [
      {
        code: 'profile-circle',
        message: `A profile extends itself: ${arrows(circle)}.`,
        suggestion: 'remove `extends` from one of them',
        location: placeOf(at, 'extends'),
      },
    ];
  });
}

function unknownDefault(draft: Draft, byName: ReadonlyMap<string, ProfilePart>): readonly Problem[] {
  const { manifest, node } = draft.workspace;
  const written = node?.kind === 'mapping' && node.entries.has('default_profile');
  if (!written || byName.has(manifest.default_profile)) return [];
  return [
    {
      code: 'unknown-profile',
      message: `The default profile ${quote(manifest.default_profile)} does not exist.`,
      ...draft.didYouMean(manifest.default_profile, () => byName.keys()),
      location: placeOf(draft.workspace, 'default_profile'),
    },
  ];
}
