import { type ArcError, prerequisite } from '../../core/errors.ts';
import type { Endpoint } from './endpoint.ts';
import { readSshAddress } from './ssh/address.ts';

const schemes = ['unix:', 'npipe:', 'tcp:', 'http:', 'https:'];

/**
 * Why an address can never lead to an Engine, with what was most likely meant.
 * @returns nothing for one that can be tried
 */
export function unusableAddress({ source, address }: Endpoint): ArcError | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === 'ssh:') {
    const ssh = readSshAddress(address);
    return 'wrong' in ssh ? unusableSsh({ source, url, wrong: ssh.wrong }) : undefined;
  }
  const meant = meantAddress(address, url);
  if (meant === undefined && url !== undefined && schemes.includes(url.protocol)) return undefined;
  return prerequisite({
    code: 'bad-engine-address',
    message: `${source} is "${address}", which is not the address of a Docker Engine.`,
    suggestion:
      meant === undefined
        ? 'use unix://<path of a socket>, tcp://<host>:<port> or ssh://<user>@<host>'
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

/** A password is not shown again. */
function unusableSsh(options: { source: string; url: URL; wrong: string }): ArcError {
  const { source, url, wrong } = options;
  if (url.password !== '') url.password = '…';
  return prerequisite({
    code: 'bad-engine-address',
    message: `${source} is "${decodeURI(url.href)}", which ${wrong}.`,
    suggestion: 'an Engine over SSH is ssh://<user>@<host>:<port>, or the alias of a host in ~/.ssh/config',
  });
}
