import { type ArcError, type Problem, prerequisite } from '../../core/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { readSocketAccess, type SocketAccess, userName } from './socket-access.ts';

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
      return { reason: 'does not exist', permission: false };
    case 'EACCES':
    case 'EPERM':
      return { reason: 'permission denied', permission: true };
    case 'ECONNREFUSED':
      return { reason: 'exists, but nothing listens on it', permission: false };
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
        reason: 'has a certificate from an authority that this machine does not trust',
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
        help: 'renew the certificate of the Engine, or correct the clock of this machine',
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

export async function unreachable(attempts: readonly Attempt[]): Promise<ArcError> {
  const detail = attempts.map(({ endpoint, reason }) => `${endpoint.source}, ${endpoint.address}: ${reason}`);
  const refused = attempts.find(({ permission }) => permission);
  if (refused) return prerequisite(await noPermission({ address: refused.endpoint.address, detail }));
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

/** The advice depends on who may use the socket. */
async function noPermission(options: { address: string; detail: readonly string[] }): Promise<Problem> {
  const { address, detail } = options;
  const access = await readSocketAccess(address.replace(/^unix:\/\//, ''));
  return { code: 'engine-permission', detail, ...permissionText(access, address) };
}

function permissionText(access: SocketAccess, address: string): { message: string; suggestion: string } {
  const engine = `the Docker Engine at ${address}`;
  switch (access.kind) {
    case 'group':
      return access.joined
        ? {
            message: `This session began before you joined the group ${access.group}, which may use ${engine}.`,
            suggestion: `log in again, or continue in a new shell: newgrp ${access.group}`,
          }
        : {
            message: `Only root and the group ${access.group} may use ${engine}.`,
            suggestion: `sudo usermod -aG ${access.group} ${userName() ?? '$USER'}, then log in again`,
          };
    case 'owner':
      return {
        message: `Only root may use ${engine}.`,
        suggestion:
          'run this with sudo, or install an Engine of your own: https://docs.docker.com/engine/security/rootless',
      };
    case 'unknown':
      return {
        message: `You may not use ${engine}.`,
        suggestion: 'run this with sudo, or ask who administers this machine for access to the Docker Engine',
      };
    default:
      return access satisfies never;
  }
}
