import { invalid } from '../core/errors.ts';

/** An image reference with Docker's defaults filled in: `redis` is `docker.io/library/redis:latest`. */
export type Reference = { registry: string; repository: string; tag?: string; digest?: string };

/** The registry of a reference that names none. */
export const defaultRegistry = 'docker.io';

const form =
  /^(?<name>(?:[^@:/]+|\[[0-9a-f:]+\](?=[:/]))(?::\d+(?=\/))?(?:\/[^@:/]+)*)(?::(?<tag>\w[\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;

/**
 * Reads an image reference by the rules of the Docker command.
 *
 * @throws ArcError (exit status 2) `image-reference-invalid`
 */
export function parseReference(text: string): Reference {
  const groups = form.exec(text)?.groups;
  const [first = '', ...rest] = groups?.name?.split('/') ?? [];
  // The first part is a registry only if it could not be a folder on Docker Hub.
  const named =
    rest.length > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const registry = named ? hubName(first) : defaultRegistry;
  const folders = named ? rest : [first, ...rest];
  if (registry === defaultRegistry && folders.length === 1) folders.unshift('library');
  if (!groups || !folders.every((folder) => component.test(folder))) {
    throw invalid({
      code: 'image-reference-invalid',
      message: `"${text}" is not the name of an image.`,
      suggestion: 'write it like docker.io/library/redis:7.4, in lower case',
    });
  }
  const { tag, digest } = groups;
  return {
    registry,
    repository: folders.join('/'),
    ...(digest ? { digest } : {}),
    ...(tag ? { tag } : digest ? {} : { tag: 'latest' }),
  };
}

function hubName(registry: string): string {
  return registry === 'index.docker.io' || registry === 'registry-1.docker.io' ? defaultRegistry : registry;
}

/** The whole reference: `docker.io/library/redis:7.4`. */
export function formatReference(reference: Reference): string {
  return `${repositoryName(reference)}${suffix(reference)}`;
}

/** The reference as the Engine lists it, without the parts that it takes for granted: `redis:7.4`. */
export function familiarReference(reference: Reference): string {
  return `${familiarRepository(reference)}${suffix(reference)}`;
}

/** The repository as the Engine lists it: `redis`. */
export function familiarRepository({ registry, repository }: Reference): string {
  return registry === defaultRegistry ? repository.replace(/^library\//, '') : `${registry}/${repository}`;
}

/** Registry and repository, without tag or digest. */
export function repositoryName({ registry, repository }: Reference): string {
  return `${registry}/${repository}`;
}

function suffix({ tag, digest }: Reference): string {
  return `${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
}

/**
 * Replaces the registry with its mirror, if it has one. A mirror may keep the other registry's images in a folder: `{
 * "docker.io": "mirror.example/hub" }`.
 */
export function applyMirror(reference: Reference, mirrors: Readonly<Record<string, string>>): Reference {
  const mirror = mirrors[reference.registry];
  if (mirror === undefined) return reference;
  const [registry = '', ...folders] = mirror.replace(/\/+$/, '').split('/');
  return { ...reference, registry, repository: [...folders, reference.repository].join('/') };
}

/** Where an upstream image is pulled from. */
export function mirrored(upstream: string, mirrors: Readonly<Record<string, string>>): string {
  return formatReference(applyMirror(parseReference(upstream), mirrors));
}
