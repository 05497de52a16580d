import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { execa } from 'execa';
import { goToolPath } from '../../scripts/build-go-tool.ts';
import { freePort } from './registry.ts';
import { until } from './until.ts';

/** An authority that speaks ACME, and whose names in the DNS all lead to this machine's loopback. */
export type AcmeServer = {
  /** Address of its directory. */
  directory: string;
  /** The certificate that vouches for the server of the directory, Base64 of its DER. */
  vouching: string;
  /** Starts it; it forgets everything that it was asked before. */
  start: () => Promise<void>;
  /** The authority that its certificates lead to, as PEM; another one after each start. */
  root: () => Promise<string>;
  /** What it has said, a line each. */
  log: () => readonly string[];
  close: () => Promise<void>;
};

/**
 * Prepares Let's Encrypt's pebble, which asks ports 80 and 443 of this machine.
 *
 * @param options.address of this machine that containers reach
 * @param options.folder for its files
 */
export async function prepareAcmeServer(options: { address: string; folder: string }): Promise<AcmeServer> {
  const { address, folder } = options;
  const programs = {
    pebble: goToolPath({ name: 'pebble', environment: process.env }),
    dns: goToolPath({ name: 'pebble-challtestsrv', environment: process.env }),
  };
  const [port, managementPort, dnsPort] = [await freePort(), await freePort(), await freePort()];
  const [key, certificate] = [join(folder, 'acme.key'), join(folder, 'acme.pem')];
  await execa('openssl', [
    ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '2'],
    ...['-keyout', key, '-out', certificate, '-subj', '/CN=acme of the tests'],
    ...['-addext', `subjectAltName=IP:${address},IP:127.0.0.1`],
  ]);
  const config = join(folder, 'pebble.json');
  const pebble = {
    ...{ listenAddress: `${address}:${port}`, managementListenAddress: `127.0.0.1:${managementPort}` },
    ...{ certificate, privateKey: key, httpPort: 80, tlsPort: 443 },
  };
  writeFileSync(config, JSON.stringify({ pebble }));
  const dns = `127.0.0.1:${dnsPort}`;
  const pem = readFileSync(certificate, 'utf8');
  const processes: ChildProcess[] = [];
  const log: string[] = [];
  const run = (program: string, args: readonly string[]): void => {
    // It would wait between its questions, as the real one may.
    const env = { ...process.env, PEBBLE_VA_NOSLEEP: '1' };
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', (said) => log.push(...String(said).trimEnd().split('\n')));
    processes.push(child);
  };
  const ask = (path: string) => get({ port: managementPort, path, ca: pem });
  return {
    directory: `https://${address}:${port}/dir`,
    vouching: pem.replaceAll(/-----.*-----|\s/g, ''),
    start: async () => {
      // An empty address opens no port.
      const others = ['http01', 'https01', 'doh', 'tlsalpn01', 'management'].map((name) => `-${name}=`);
      run(programs.dns, [`-dnsserver=${dns}`, '-defaultIPv4=127.0.0.1', '-defaultIPv6=', ...others]);
      run(programs.pebble, [`-config=${config}`, `-dnsserver=${dns}`]);
      await until({ what: 'the ACME server to answer', ask: () => ask('/roots/0') });
    },
    root: () => ask('/roots/0'),
    log: () => log,
    close: async () => {
      await Promise.all(
        processes.map(async (child) => {
          if (child.exitCode !== null || child.signalCode !== null) return;
          const ended = once(child, 'exit');
          child.kill();
          await ended;
        }),
      );
    },
  };
}

function get(options: { port: number; path: string; ca: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', agent: false, ...options }, (response) =>
      text(response).then(resolve, reject),
    )
      .on('error', reject)
      .end();
  });
}
