import { type ArcError, prerequisite } from '../../core/errors.ts';
import type { Endpoint } from './endpoint.ts';

const schemes = ['unix:', 'npipe:', 'tcp:', 'http:', 'https:'];

/**
 * Why an address can never lead to an Engine, with what was most likely meant.
 * @returns nothing for one that can be tried
 */
export function unusableAddress({ source, address }: Endpoint): ArcError | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'ssh:') return overSsh({ source, address, host: address.slice('ssh://'.length) });
  const meant = meantAddress(address, url);
  if (meant === undefined && url !== undefined && schemes.includes(url.protocol)) return undefined;
  return prerequisite({
    code: 'bad-engine-address',
    message: `${source} is "${address}", which is no address of a Docker Engine.`,
    suggestion:
      meant === undefined
        ? 'unix://<path of a socket> and tcp://<host>:<port> are'
        : `${meant.how}: ${source === 'DOCKER_HOST' ? 'DOCKER_HOST=' : ''}${meant.address}`,
  });
}

function meantAddress(address: string, url: URL | undefined): { how: string; address: string } | undefined {
  const bare = address.trim().replace(/^(["'])(.*)\1$/, '$2');
  if (bare !== address) return { how: 'leave out the quotes and the spaces', address: bare };
  if (address.startsWith('/')) return { how: 'put unix:// in front', address: `unix://${address}` };
  const path = /^unix:\/{0,2}([^/].*)$/.exec(address)?.[1] ?? /^unix:(\/[^/].*)$/.exec(address)?.[1];
  if (path !== undefined)
    return { how: 'a socket has an absolute path', address: `unix:///${path.replace(/^\//, '')}` };
  if (url?.protocol === 'tcp:' && url.hostname === '')
    return { how: 'name the host', address: 'tcp://<host>:2375' };
  return undefined;
}

/** The `docker` command starts ssh by itself for such an address. */
function overSsh(options: { source: string; address: string; host: string }): ArcError {
  const { source, address, host } = options;
  return prerequisite({
    code: 'engine-over-ssh',
    message: `arc cannot use a Docker Engine over SSH, and ${source} is ${address}.`,
    detail: ['config files are mounted from the machine of the Engine, and probes ask its published ports'],
    suggestion: `run arc on that machine: ssh ${host}; or choose an Engine of this one: ${
      source === 'DOCKER_HOST' ? 'unset DOCKER_HOST' : 'docker context use default'
    }`,
  });
}
