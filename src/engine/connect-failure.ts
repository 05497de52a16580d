import { userInfo } from 'node:os';
import { type ArcError, prerequisite } from '../errors.ts';
import type { Endpoint } from './endpoint.ts';

/** Why an endpoint did not answer, as words that follow its address. */
export type Attempt = { endpoint: Endpoint; reason: string; permission: boolean; help?: string };

/** Thrown in place of an answer that took too long. */
export class TooSlow extends Error {}

export function explain(
  cause: unknown,
  limitMilliseconds: number,
): { reason: string; permission: boolean; help?: string } {
  if (cause instanceof TooSlow) {
    return { reason: `did not answer within ${Math.round(limitMilliseconds)} ms`, permission: false };
  }
  const { code, message } = cause as { code?: string; message?: string };
  switch (code) {
    case 'ENOENT':
      return { reason: 'is not there', permission: false };
    case 'EACCES':
    case 'EPERM':
      return { reason: 'permission denied', permission: true };
    case 'ECONNREFUSED':
      return { reason: 'is there, but nobody listens', permission: false };
    case 'ENOTFOUND':
      return { reason: 'has a host name that does not resolve', permission: false };
    case 'ENOTSOCK':
      return { reason: 'is not a socket', permission: false };
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
      return {
        reason: 'does not speak TLS',
        permission: false,
        help: 'unset DOCKER_TLS_VERIFY and DOCKER_TLS, or name the port with TLS (2376)',
      };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return {
        reason: 'has a certificate that nobody you trust has signed',
        permission: false,
        help: 'put the ca.pem that signed it into the folder of DOCKER_CERT_PATH (~/.docker)',
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        reason: 'has a certificate for another name',
        permission: false,
        help: 'use a host name that is in the certificate of the Engine',
      };
    case 'CERT_HAS_EXPIRED':
      return {
        reason: 'has a certificate that has expired',
        permission: false,
        help: 'renew the certificate of the Engine, or put the clock of this machine right',
      };
    case 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED':
    case 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE':
      return {
        reason: 'wants a certificate of the client',
        permission: false,
        help: 'put cert.pem and key.pem into the folder of DOCKER_CERT_PATH (~/.docker)',
      };
    default:
      if (/HTTP request to an HTTPS server/i.test(message ?? ''))
        return { reason: 'speaks TLS only', permission: false, help: 'set DOCKER_TLS_VERIFY=1' };
      return { reason: message?.trim() || code || 'gave no answer', permission: false };
  }
}

export function unreachable(attempts: readonly Attempt[]): ArcError {
  const detail = attempts.map(({ endpoint, reason }) => `${endpoint.source}, ${endpoint.address}: ${reason}`);
  const refused = attempts.find(({ permission }) => permission);
  if (refused) {
    return prerequisite({
      code: 'engine-permission',
      message: `You may not use the Docker Engine at ${refused.endpoint.address}.`,
      detail,
      suggestion: `sudo usermod -aG docker ${userName()}, then log in again`,
    });
  }
  const [only, ...others] = attempts;
  const chosen = only && others.length === 0;
  return prerequisite({
    code: 'no-engine',
    message: chosen
      ? `The Docker Engine of ${only.endpoint.source} does not answer.`
      : 'No Docker Engine answers.',
    detail,
    suggestion: chosen ? (only.help ?? chosenSuggestion(only.endpoint)) : 'arc doctor --fix',
  });
}

function chosenSuggestion(endpoint: Endpoint): string {
  return endpoint.source === 'DOCKER_HOST'
    ? 'start that Engine, or unset DOCKER_HOST'
    : 'start that Engine, or choose another one: docker context use default';
}

export function tooOld(options: {
  endpoint: Endpoint;
  engine: string;
  speaks: string;
  needed: string;
}): ArcError {
  const { endpoint, engine, speaks, needed } = options;
  return prerequisite({
    code: 'engine-too-old',
    message: `The Docker Engine ${engine} at ${endpoint.address} is too old.`,
    detail: [`it speaks API ${speaks}; arc needs ${needed} (Docker Engine 20.10) or newer`],
    suggestion: 'upgrade the Docker Engine',
  });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user need not have a name.
    return '$USER';
  }
}
