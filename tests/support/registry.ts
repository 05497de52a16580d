import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from '../../src/host/system.ts';
import type { TokenServer } from './token-server.ts';

export const registryUser = 'arc-test';
export const registryPassword = 'registry-test-password';
/** The pair above, as `htpasswd -nbB` writes it. */
const htpasswd = 'arc-test:$2y$04$nsXJHJKX1karr8GG1oOSLO9vMUc0AHlvI9bDUZwGRbQLnmf4BInRq\n';

/** A real registry on loopback. */
export type RegistryServer = { address: string; process: ChildProcess; close: () => Promise<void> };

/**
 * Starts Debian's docker-registry (distribution 2.8, which has no referrers API).
 *
 * @param options.folder where it keeps its data and its configuration
 * @param options.auth whether it wants the name and the password above, or tokens of a token server
 */
export async function startRegistry(options: {
  folder: string;
  auth: boolean | Pick<TokenServer, 'realm' | 'service' | 'issuer' | 'certificate'>;
}): Promise<RegistryServer> {
  const address = `127.0.0.1:${await freePort()}`;
  return await registryProcess({ address, server: startRegistryProcess({ ...options, address }) });
}

/**
 * Starts the process, and does not wait for it to answer.
 *
 * @param options.before what starts it in another network
 */
export function startRegistryProcess(options: {
  folder: string;
  auth: Parameters<typeof startRegistry>[0]['auth'];
  address: string;
  before?: readonly string[];
}): ChildProcess {
  const { folder, auth, address, before = [] } = options;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'htpasswd'), htpasswd);
  const configuration = {
    version: 0.1,
    log: { level: 'error' },
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: address, secret: 'of-the-test' },
    ...(auth === false ? {} : { auth: authentication(folder, auth) }),
  };
  // JSON is YAML.
  writeFileSync(join(folder, 'config.yml'), JSON.stringify(configuration));
  const program = findProgram('docker-registry', process.env);
  if (program === undefined) throw new Error('docker-registry is not installed (Debian: docker-registry)');
  const [first = program, ...rest] = [...before, program, 'serve', join(folder, 'config.yml')];
  return spawn(first, rest, { stdio: 'ignore' });
}

function authentication(
  folder: string,
  auth: true | Pick<TokenServer, 'realm' | 'service' | 'issuer' | 'certificate'>,
) {
  if (auth === true) return { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } };
  const { realm, service, issuer, certificate } = auth;
  return { token: { realm, service, issuer, rootcertbundle: certificate } };
}

/** Waits until a registry that was just started answers. */
export async function registryProcess(options: {
  address: string;
  server: ChildProcess;
}): Promise<RegistryServer> {
  const { address, server } = options;
  await untilAnswers(address, server);
  const close = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGTERM');
    await once(server, 'exit');
  };
  return { address, process: server, close };
}

async function untilAnswers(address: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answered = await fetch(`http://${address}/v2/`).then(
      () => true,
      () => false,
    );
    if (answered) return;
    if (server.exitCode !== null) throw new Error(`the registry ended with status ${server.exitCode}`);
    await sleep(50);
  }
  server.kill();
  throw new Error(`the registry at ${address} did not answer within 10 s`);
}

/** A port that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
