import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { ArcError } from '../../core/errors.ts';
import { run } from '../../host/process.ts';
import { type Endpoint, type Environment, engineHost, findEndpoints, isLocal } from './endpoint.ts';
import { destination, readSshAddress } from './ssh/address.ts';

/** The IPv4 address at which others reach the Engine's machine; undefined if nothing here tells it. */
export type EngineAddress = { machine: string; address: string | undefined };

const lookupMilliseconds = 3_000;

/**
 * The host of the Engine's machine, seen from here, without connecting to it. Behind a jump host or a proxy, only that
 * host knows.
 *
 * @returns nothing for an Engine of this machine, or where none was chosen
 */
export async function engineAddress(environment: Environment): Promise<EngineAddress | undefined> {
  const endpoint = chosenEndpoint(environment);
  if (endpoint === undefined || isLocal(endpoint) || !URL.canParse(endpoint.address)) return undefined;
  const host = endpoint.address.startsWith('ssh:')
    ? await hostOverSsh(endpoint, environment)
    : { machine: engineHost(endpoint), name: engineHost(endpoint) };
  if (host === undefined) return undefined;
  const address = host.name === undefined ? undefined : await resolve(host.name);
  if (address?.startsWith('127.')) return undefined;
  return { machine: host.machine, address };
}

/** The connection reports a missing context. */
function chosenEndpoint(environment: Environment): Endpoint | undefined {
  try {
    return findEndpoints(environment)[0];
  } catch (error) {
    if (error instanceof ArcError) return undefined;
    throw error;
  }
}

/** `ssh -G` tells what an alias stands for. */
async function hostOverSsh(
  { address }: Endpoint,
  environment: Environment,
): Promise<{ machine: string; name: string | undefined } | undefined> {
  const ssh = readSshAddress(address);
  if ('wrong' in ssh) return undefined;
  const said = await run({
    command: 'ssh',
    args: ['-G', ...destination(ssh)],
    environment,
    limitMilliseconds: lookupMilliseconds,
  });
  const settings = new Map(
    said.stdout
      .toString('utf8')
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)] as const),
  );
  const isDirect = ['proxyjump', 'proxycommand'].every((name) => (settings.get(name) ?? 'none') === 'none');
  return { machine: ssh.host, name: isDirect ? settings.get('hostname') : undefined };
}

async function resolve(host: string): Promise<string | undefined> {
  if (isIPv4(host)) return host;
  const late = AbortSignal.timeout(lookupMilliseconds);
  const gaveUp = new Promise<undefined>((done) => {
    late.addEventListener('abort', () => done(undefined), { once: true });
  });
  const found = lookup(host, { family: 4 }).then(
    ({ address }) => address,
    () => undefined,
  );
  return Promise.race([found, gaveUp]);
}
