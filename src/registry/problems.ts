import { type ArcError, failed, prerequisite } from '../core/errors.ts';
import { redact, type Secret } from '../core/secret.ts';
import type { FoundLogin } from './credentials.ts';
import type { Repository } from './model.ts';
import { defaultRegistry, repositoryName } from './reference.ts';

/** The permission for a repository; push includes pull. */
export type Permission = 'pull' | 'push';

/** The registry cannot be asked at all. */
export class UnreachableRegistry extends Error {
  override readonly name = 'UnreachableRegistry';
  constructor(reason: string, cause?: unknown) {
    super(reason, { cause });
  }
}

/** The registry has answered, and its answer is of no use; the message has the registry as its subject. */
export class UnusableAnswer extends Error {
  override readonly name = 'UnusableAnswer';
  readonly words: readonly string[];
  constructor(reason: string, words: readonly string[] = []) {
    super(reason);
    this.words = words;
  }
}

/**
 * A login is missing, invalid, or lacks the permission.
 *
 * @param options.words what the registry said: `403 Forbidden`, `DENIED: permission_denied: write_package`
 * @param options.loginRefused it does not know the login that it was shown, whatever that may do
 */
export function unauthorized(options: {
  repo: Repository;
  permission: Permission;
  found: FoundLogin;
  words: readonly string[];
  loginRefused?: boolean;
}): ArcError {
  const { repo, permission, found } = options;
  const answer = `answer: ${redact(options.words.join(', '), secretsOf(found))}`;
  if (options.loginRefused === true && found.login) {
    return prerequisite({
      code: 'registry-unauthorized',
      message: `${repo.registry} refuses ${whoIs(found)}: it is wrong, or has expired.`,
      detail: [`to ${permission === 'push' ? 'push to' : 'pull from'}: ${repositoryName(repo)}`, answer],
      suggestion: adviceFor(repo, permission),
    });
  }
  const name = repositoryName(repo);
  const verb = permission === 'push' ? 'push to' : 'pull from';
  const hidden = !found.login && permission === 'pull' ? ' It is private, or does not exist.' : '';
  return prerequisite({
    code: 'registry-unauthorized',
    message: `${repo.registry} does not let ${whoIs(found)} ${verb} ${name}.${hidden}`,
    detail: [
      `missing: ${permissionName(repo, permission)}`,
      answer,
      ...(found.note === undefined ? [] : [found.note]),
    ],
    suggestion: adviceFor(repo, permission),
  });
}

function whoIs({ login }: FoundLogin): string {
  switch (login?.kind) {
    case undefined:
      return 'anybody without a login';
    case 'password':
      return `the login of "${login.username}"`;
    case 'token':
      return "the login in Docker's configuration";
    default:
      return login satisfies never;
  }
}

/** The permission by the name under which people find it. */
function permissionName({ registry }: Repository, permission: Permission): string {
  if (registry === 'ghcr.io') return permission === 'push' ? 'write:packages' : 'read:packages';
  return permission;
}

function adviceFor(repo: Repository, permission: Permission): string {
  const { registry } = repo;
  switch (registry) {
    case 'ghcr.io': {
      const access = permission === 'push' ? 'write' : 'read';
      return (
        `docker login ghcr.io, with a token (classic) that has ${access}:packages. In GitHub Actions, give the job ` +
        `"permissions: packages: ${access}"; a package that was first pushed from elsewhere also has to let the ` +
        `repository in: its settings, Manage Actions access.`
      );
    }
    case defaultRegistry:
      return `docker login, with an access token that has ${permission === 'push' ? '"Read & Write"' : '"Read"'}.`;
    default:
      return `docker login ${registry}, as somebody who may ${permission === 'push' ? 'push there' : 'pull from there'}.`;
  }
}

/** @param options.what what was tried: `read ghcr.io/arc-framework/arc-cache:v1` */
export function unreachable(options: { registry: string; what: string; reason: string }): ArcError {
  return failed({
    code: 'registry-unreachable',
    message: `Could not ${options.what}: ${options.registry} cannot be reached, ${options.reason}.`,
    suggestion: 'check the network, HTTPS_PROXY and the registry, then run the same command again',
  });
}

/** @param options.words further lines of the registry's answer */
export function registryFailed(options: {
  what: string;
  reason: string;
  words?: readonly string[];
  secrets?: Iterable<Secret>;
  suggestion?: string;
  cause?: unknown;
}): ArcError {
  const secrets = [...(options.secrets ?? [])];
  return failed(
    {
      code: 'registry-failed',
      message: `Could not ${options.what}: ${redact(options.reason, secrets)}.`,
      detail: (options.words ?? []).map((line) => redact(line, secrets)),
      suggestion:
        options.suggestion ?? 'run the same command again; if it fails again, ask whoever runs the registry',
    },
    options.cause,
  );
}

/** The secret parts of a login. */
export function secretsOf({ login }: FoundLogin): readonly Secret[] {
  if (!login) return [];
  return [login.kind === 'token' ? login.token : login.password];
}
