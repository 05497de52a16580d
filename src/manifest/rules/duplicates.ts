import type { Problem, SourceLocation } from '../../core/errors.ts';
import { placeOf } from '../build/read.ts';
import type { Draft } from '../draft.ts';
import { quote } from '../words.ts';

type Named = { name: string; location: () => SourceLocation };

/** Names that must be unique in the workspace, a service or a container, and are not. */
export function findDuplicates(draft: Draft): readonly Problem[] {
  return [...inWorkspace(draft), ...inServices(draft), ...inContainers(draft)];
}

function inWorkspace(draft: Draft): readonly Problem[] {
  const names = draft.runnables.map((part) => ({
    name: part.manifest.name,
    location: () => placeOf(part, 'name'),
  }));
  const roles = draft.runnables.map((part) => ({
    name: part.manifest.role,
    location: () => placeOf(part, 'role'),
  }));
  const profiles = draft.profiles.map(({ manifest }) => ({
    name: manifest.name,
    location: () => manifest.location,
  }));
  const settings = draft.services.flatMap(({ manifest }) => named(manifest.settings));
  const secrets = draft.services.flatMap(({ manifest }) => named(manifest.secrets));
  const variables = draft.services.flatMap((service) =>
    (['settings', 'secrets'] as const).flatMap((group) =>
      Object.entries(service.manifest[group]).map(([key, { env }]) => ({
        name: env ?? '',
        location: () => placeOf(service, group, key, 'env'),
      })),
    ),
  );
  const aliases = draft.runnables.flatMap((part) =>
    (part.kind === 'job' ? [] : part.manifest.aliases).map((name, index) => ({
      name,
      location: () => placeOf(part, 'aliases', index),
    })),
  );
  // Names and roles that are there twice have problems of their own.
  const hosts = new Map([...roles, ...names].map((one) => [one.name, one]));
  return [
    ...repeated(
      [...hosts.values(), ...aliases],
      'duplicate-host',
      (name) => `Two containers answer to the host name ${name}`,
    ),
    ...repeated(names, 'duplicate-container', (name) => `Two containers are named ${name}`),
    // Both are typed in the same place: `arc up think`.
    ...repeated(
      [...profiles, ...roles],
      'duplicate-role',
      (name) => `Two containers or profiles go by ${name}`,
    ),
    ...repeated(settings, 'duplicate-setting', (name) => `Two settings are named ${name}`),
    ...repeated(secrets, 'duplicate-secret', (name) => `Two secrets are named ${name}`),
    ...repeated(
      variables,
      'duplicate-variable',
      (name) => `Two settings or secrets read the variable ${name}`,
    ),
  ];
}

function inServices(draft: Draft): readonly Problem[] {
  return draft.services.flatMap((service) => {
    const checks = service.manifest.checks.map((check, index) => ({
      name: check.name,
      location: () => placeOf(service, 'checks', index, 'name'),
    }));
    return repeated(checks, 'duplicate-check', (name) => `Two checks of the service are named ${name}`);
  });
}

function inContainers(draft: Draft): readonly Problem[] {
  return draft.flavours.flatMap((part) => {
    if (part.kind === 'job') return [];
    const ports = part.manifest.ports.map((port, index) => ({
      name: port.name,
      location: () => placeOf(part, 'ports', index, 'name'),
    }));
    const volumes = part.manifest.volumes.map((volume, index) => ({
      name: volume.name,
      location: () => placeOf(part, 'volumes', index, 'name'),
    }));
    return [
      ...repeated(ports, 'duplicate-port-name', (name) => `Two ports of the container are named ${name}`),
      ...repeated(volumes, 'duplicate-volume', (name) => `Two volumes of the container are named ${name}`),
    ];
  });
}

function named(record: Readonly<Record<string, { location: SourceLocation }>>): readonly Named[] {
  return Object.entries(record).map(([name, { location }]) => ({ name, location: () => location }));
}

/** A problem at the second and every further one of a name. */
function repeated(all: readonly Named[], code: string, say: (name: string) => string): readonly Problem[] {
  const seen = new Map<string, Named>();
  const problems: Problem[] = [];
  for (const one of all) {
    if (one.name === '') continue;
    const first = seen.get(one.name);
    if (first === undefined) {
      seen.set(one.name, one);
      continue;
    }
    const { file, line } = first.location();
    problems.push({
      code,
      message: `${say(quote(one.name))}; the first is in ${file}:${line}.`,
      suggestion: 'give one of the two another name',
      location: one.location(),
    });
  }
  return problems;
}
