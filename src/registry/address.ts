import { isIPv4 } from 'node:net';
import { defaultRegistry } from './reference.ts';

/** Where image names without, or with, Docker Hub's domain are really served from (distribution/reference). */
export function apiHost(registry: string): string {
  return registry === defaultRegistry ? 'registry-1.docker.io' : registry;
}

/**
 * Whether a registry is on this machine: arc then uses plain HTTP and no proxy.
 *
 * @param registry host name, with the port where there is one: `localhost:5000`, `[::1]:5000`
 */
export function isLoopback(registry: string): boolean {
  const host = registry.replace(/:\d+$/, '');
  return host === 'localhost' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/** The root of a registry's API, without a slash at its end: `https://ghcr.io`. */
export function apiRoot(registry: string): string {
  return `${isLoopback(registry) ? 'http' : 'https'}://${apiHost(registry)}`;
}
